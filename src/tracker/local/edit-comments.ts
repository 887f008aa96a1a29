/** Appends comments to an issue file's text; pure, touches no disk. */
import { oneLine } from '../../text/one-line.ts';
import type { IssueComment } from '../tracker.ts';
import {
  COMMENTS_MARKER,
  type IssueFileParts,
  joinIssueFile,
  lineEndingOf,
  startOfLine,
  withoutOurMarkers,
} from './issue-file.ts';

/** What may stand in a comment's marker: nothing that could end the HTML comment it is kept in. */
export const CommentMarker = /^(?!.*--)[a-zA-Z0-9:._-]{1,200}$/;

/** The file with the comment at its end, and all that stood there before untouched; the same file if it is there. */
export function appendComment(parts: IssueFileParts, comment: IssueComment, writtenAt: Date): string {
  const marker = `<!-- orchestra:comment ${comment.marker} -->`;
  const file = joinIssueFile(parts);
  if (startOfLine(parts.comments, marker) !== undefined) return file;

  const eol = lineEndingOf(parts);
  const heading = `**${oneLine(comment.author)}** ${writtenAt.toISOString()}`;
  const lines = [marker, heading, '', ...safeText(comment.text).split('\n'), ''];
  const start = parts.comments === '' ? ['', COMMENTS_MARKER, '', ...lines] : ['', ...lines];
  const newline = file.endsWith('\n') ? '' : eol;
  return file + newline + start.join(eol);
}

/** People print these files to terminals, so of the control characters only tabs and line breaks stay. */
function safeText(text: string): string {
  const printable = text.replace(/\r\n?/g, '\n').replace(/(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu, '');
  return withoutOurMarkers(printable.trim());
}
