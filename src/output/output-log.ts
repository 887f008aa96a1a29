/** What an agent's program has printed: where it goes, and reading it. tmux takes it down, see src/tmux/output-script.ts. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { endMark } from '../tmux/host-script.ts';
import { terminalLines } from './terminal-text.ts';

/** Strings to the terminal, which no reader sees: here a program was started, here it was given a task. */
const marks = { start: '\u001B]orchestra;start\u0007', try: '\u001B]orchestra;try\u0007' };

/** So much of the end of the files is read for some lines of it, in bytes. */
const tailBytes = 256 * 1_024;

/** So much of it is read to find an end that was just printed. */
const endBytes = 16 * 1_024;

/** The output's place in an agent's folder; the older half stands in `<file>.1`. */
export const outputFile = (folder: string): string => join(folder, 'output.log');

/** Marks that a program is started, or given a task, now. Sync, as it must come before the next word. */
export function markOutput(file: string, what: keyof typeof marks, words: string): void {
  const line = `\r\n${marks[what]}── ${new Date().toISOString()} ${words} ──\r\n`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    appendFileSync(file, line, { mode: 0o600 });
  } catch {
    // A full disk must not keep a program from its work: the mark is missing, as what it prints will be.
  }
}

/** The last `lines` lines up to the byte `end`, oldest first, as plain text; none when nothing was printed. */
export async function tailOutput(file: string, lines: number, end?: number): Promise<string[]> {
  return terminalLines(await readEnds(file, end)).slice(-lines);
}

/** The same of the latest task alone: from when it was given, as far as that program got. */
export async function tailOfLatestTry(file: string, lines: number): Promise<string[]> {
  const text = await readEnds(file);
  const mark = text.lastIndexOf(marks.try);
  const begin = mark === -1 ? 0 : text.indexOf('\n', mark);
  const end = text.indexOf(marks.start, begin);
  return terminalLines(end === -1 ? text.slice(begin) : text.slice(begin, end)).slice(-lines);
}

/** Whether everything that a run has printed is there; see endMark in src/tmux/host-script.ts. */
export async function isClosed(file: string, run: string): Promise<boolean> {
  return (await readEnds(file, undefined, endBytes)).includes(endMark(run));
}

async function readEnds(file: string, end?: number, bytes = tailBytes): Promise<string> {
  const newest = await readEnd(file, bytes, end);
  const missing = bytes - newest.length;
  const older = missing > 0 ? await readEnd(`${file}.1`, missing) : Buffer.alloc(0);
  return Buffer.concat([older, newest]).toString('utf8');
}

/** The last bytes of a file, or those before its byte `end`; none of one that is not there. */
async function readEnd(file: string, bytes: number, end = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (!handle) return Buffer.alloc(0);
  try {
    const size = Math.min((await handle.stat()).size, end);
    const buffer = Buffer.alloc(Math.min(size, bytes));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, size - buffer.length);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
