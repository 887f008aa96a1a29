/** The layout of an issue file: front matter, body, comments. Pure text; what the front matter means is read elsewhere. */

/** The line that ends the body; everything below it is comments. */
export const COMMENTS_MARKER = '<!-- orchestra:comments -->';

/** The parts of an issue file, each exactly as it stands there: put together in order they are the file. */
export interface IssueFileParts {
  /** From the start of the file up to and with the opening `---` line, always one line. */
  readonly opening: string;
  /** The YAML between the `---` lines. */
  readonly yaml: string;
  /** The closing `---` line. */
  readonly closing: string;
  readonly body: string;
  /** From {@link COMMENTS_MARKER} to the end; '' where nobody has commented. */
  readonly comments: string;
}

/** Undefined where the file does not begin with front matter. */
export function splitIssueFile(text: string): IssueFileParts | undefined {
  const opening = /^\uFEFF?---[ \t]*\r?\n/.exec(text)?.[0];
  if (opening === undefined) return undefined;
  const afterOpening = text.slice(opening.length);
  const closing = /^---[ \t]*(?:\r?\n|$(?![\s\S]))/m.exec(afterOpening);
  if (closing === null) return undefined;
  const rest = afterOpening.slice(closing.index + closing[0].length);
  const bodyEnd = startOfLine(rest, COMMENTS_MARKER) ?? rest.length;
  return {
    opening,
    yaml: afterOpening.slice(0, closing.index),
    closing: closing[0],
    body: rest.slice(0, bodyEnd),
    comments: rest.slice(bodyEnd),
  };
}

/** The file that consists of these parts. */
export function joinIssueFile(parts: IssueFileParts): string {
  return parts.opening + parts.yaml + parts.closing + parts.body + parts.comments;
}

/** How the file ends its lines. */
export function lineEndingOf(parts: IssueFileParts): '\n' | '\r\n' {
  return parts.opening.endsWith('\r\n') ? '\r\n' : '\n';
}

/** Makes sure that foreign text holds no line that could pass for one of ours: such lines get indented. */
export function withoutOurMarkers(text: string): string {
  return text.replace(/^<!-- orchestra:/gm, ' $&');
}

/** Offset of the first line that is exactly `line`, give or take trailing white space. */
export function startOfLine(text: string, line: string): number | undefined {
  for (let at = text.indexOf(line); at !== -1; at = text.indexOf(line, at + 1)) {
    const startsLine = at === 0 || text[at - 1] === '\n';
    const restOfLine = /^[^\n]*/.exec(text.slice(at + line.length))?.[0] ?? '';
    if (startsLine && restOfLine.trim() === '') return at;
  }
  return undefined;
}
