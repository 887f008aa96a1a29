/**
 * Reads what an issue asks for, where it says so in a few fixed phrases; pure, and never runs what it reads.
 *
 * The phrases end a line: "Create `path`:", "Append to `path`:" and "Replace in `path`:". A fenced block follows, or
 * two for a replacement, with "with:" between them if you like. Everything else is prose.
 */

/** One change to one file; paths are relative to the repository, texts end their last line. */
export type Edit =
  | { readonly kind: 'create'; readonly path: string; readonly text: string }
  | { readonly kind: 'append'; readonly path: string; readonly text: string }
  | { readonly kind: 'replace'; readonly path: string; readonly before: string; readonly after: string };

/** The parts of an assignment that say what to do. */
export interface ChangeRequest {
  /** The issue's id. */
  readonly task: string;
  readonly title: string;
  readonly body: string;
}

/** What to do for an issue: what its body asks for, or else a note in `notes/` that says what it is about. */
export function parseChangeRequest(request: ChangeRequest): Edit[] {
  const edits = parseEdits(request.body);
  return edits.length > 0 ? edits : [noteOn(request)];
}

/** The changes that a body asks for, in order; none where it is prose. */
export function parseEdits(body: string): Edit[] {
  const lines = body.split(/\r?\n/);
  const edits: Edit[] = [];
  for (let index = 0; index < lines.length; ) {
    const fence = readFence(lines, index);
    const request = /\b(create|append to|replace in) `([^`]+)`:\s*$/i.exec(lines[index] ?? '');
    const end =
      request === null ? undefined : readEdit(lines, index + 1, request[1] ?? '', request[2] ?? '', edits);
    // A phrase inside a block that nobody asked for is an example, so blocks are passed over whole.
    index = end ?? fence?.end ?? index + 1;
  }
  return edits;
}

/** Adds the edit whose blocks begin at `start`; its end, or undefined where the blocks are missing. */
function readEdit(
  lines: string[],
  start: number,
  phrase: string,
  path: string,
  edits: Edit[],
): number | undefined {
  const first = readFence(lines, skipBlank(lines, start));
  if (first === undefined) return undefined;
  const verb = phrase.toLowerCase();
  if (verb !== 'replace in') {
    edits.push({ kind: verb === 'create' ? 'create' : 'append', path, text: first.text });
    return first.end;
  }
  const between = skipBlank(lines, first.end);
  const isWith = /^(?:with|by):\s*$/i.test(lines[between] ?? '');
  const second = readFence(lines, skipBlank(lines, isWith ? between + 1 : between));
  if (second === undefined) return undefined;
  edits.push({ kind: 'replace', path, before: first.text, after: second.text });
  return second.end;
}

interface Fence {
  readonly text: string;
  /** Index of the first line after it. */
  readonly end: number;
}

/** A fenced block as in CommonMark 0.31 §4.5: it ends at a fence at least as long, or is none without its end. */
function readFence(lines: string[], start: number): Fence | undefined {
  const opening = /^(?:(`{3,})[^`]*|(~{3,}).*)$/.exec(lines[start] ?? '');
  const marks = opening?.[1] ?? opening?.[2];
  if (marks === undefined) return undefined;
  const closing = new RegExp(`^${marks[0]}{${marks.length},}\\s*$`);
  const close = lines.findIndex((line, index) => index > start && closing.test(line));
  if (close === -1) return undefined;
  const text = lines.slice(start + 1, close).map((line) => `${line}\n`);
  return { text: text.join(''), end: close + 1 };
}

function skipBlank(lines: string[], start: number): number {
  let index = start;
  while (index < lines.length && lines[index]?.trim() === '') index++;
  return index;
}

/** Ids are safe in paths; the first lines are enough to recognize an issue by. */
function noteOn({ task, title, body }: ChangeRequest): Edit {
  const firstLines = body.split(/\r?\n/).slice(0, 10).join('\n').trim();
  const text = `# ${title}\n${firstLines === '' ? '' : `\n${firstLines}\n`}`;
  return { kind: 'create', path: `notes/issue-${task}.md`, text };
}
