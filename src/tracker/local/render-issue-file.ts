/** Writes a new issue as the text of an issue file; pure, touches no disk. */
import { Document } from 'yaml';
import { oneLine } from '../../text/one-line.ts';
import { slug } from '../../text/slug.ts';
import { withoutOurMarkers } from './issue-file.ts';

/** What a new issue file is made of. */
export interface NewIssue {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly type?: string | undefined;
  readonly priority: number;
  readonly blockedBy: readonly number[];
  /** ISO 8601. */
  readonly createdAt?: string | undefined;
  readonly closed: boolean;
}

/** Front matter and body; keys that would only repeat a default are left out. */
export function renderIssueFile(issue: NewIssue): string {
  const document = new Document({ title: oneLine(issue.title) });
  if (issue.type !== undefined) document.set('type', issue.type);
  document.set('priority', issue.priority);
  if (issue.labels.length > 0) document.set('labels', document.createNode([...issue.labels], { flow: true }));
  if (issue.blockedBy.length > 0) {
    document.set('blocked_by', document.createNode([...issue.blockedBy], { flow: true }));
  }
  if (issue.createdAt !== undefined) document.set('created', issue.createdAt);
  if (issue.closed) document.set('closed', true);
  const yaml = document.toString({ lineWidth: 0, flowCollectionPadding: false });
  return `---\n${yaml}---\n\n${withoutOurMarkers(issue.body.trimEnd())}\n`;
}

/** `0012-some-title.md`: sorts by number in any file manager, and is ASCII whatever language the title is in. */
export function issueFileName(number: number, title: string): string {
  const name = slug(title);
  return `${String(number).padStart(4, '0')}${name === '' ? '' : `-${name}`}.md`;
}
