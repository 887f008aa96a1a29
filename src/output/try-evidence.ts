/** What is put on record of a try that failed, for the next one and for a person. */
import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { tailOfLatestTry } from './output-log.ts';

export interface FailedTry {
  attempt: number;
  maxAttempts: number;
  /** Exit status or signal, in words, if known. */
  end: string | undefined;
  /** See outputFile. */
  output: string;
}

/** How much of the output is kept, in lines and in bytes; and of each line, in characters. */
const lines = 30;
const longest = 3_000;
const longestLine = 300;

/** Plain text of at most 4 kB or so: which try it was, how its program ended, and what it printed last. */
export async function tryEvidence({ attempt, maxAttempts, end, output }: FailedTry): Promise<string> {
  const head = `Attempt ${attempt} of ${maxAttempts}: ${end ?? 'how its program ended is not known'}.`;
  await untilWritten(output);
  // Evidence that cannot be read must not keep a task from being recorded.
  const printed = await tailOfLatestTry(output, lines).catch((error: Error) => [error.message]);
  if (printed.length === 0) return `${head} It printed nothing.`;
  return `${head} It printed last:\n${lastOf(printed)}`;
}

/**
 * The end of a program is known before tmux has handed on what it printed last: at so many looks in a row, with so many ms
 * in between, nothing more may have come. One look would not do: on a machine that stands still, nothing comes either.
 */
const interval = 50;
const quietLooks = 3;
const mostLooks = 20;

async function untilWritten(file: string): Promise<void> {
  let before = await sizeOf(file);
  for (let look = 0, quiet = 0; look < mostLooks && quiet < quietLooks; look += 1) {
    await delay(interval);
    const now = await sizeOf(file);
    quiet = now === before ? quiet + 1 : 0;
    before = now;
  }
}

/** 0 for a file that is not there. */
const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );

/** As many of the last lines as there is room for. */
function lastOf(printed: readonly string[]): string {
  let room = longest;
  const kept: string[] = [];
  for (const line of printed.toReversed()) {
    const short = line.length > longestLine ? `${line.slice(0, longestLine - 1)}…` : line;
    room -= Buffer.byteLength(short) + 1;
    if (room < 0) break;
    kept.unshift(short);
  }
  return kept.join('\n');
}
