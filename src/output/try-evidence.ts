/** What is put on record of a try that failed, for the next one and for a person. */
import { untilClosed, untilQuiet } from './last-words.ts';
import { tailOfLatestTry } from './output-log.ts';

export interface FailedTry {
  attempt: number;
  maxAttempts: number;
  /** Exit status or signal, in words, if known. */
  end: string | undefined;
  /** See outputFile. */
  output: string;
  /** The run whose host has said that it is over, if it could. */
  closedRun: string | undefined;
}

/** How much of the output is kept, in lines and in bytes; and of each line, in characters. */
const lines = 30;
const longest = 3_000;
const longestLine = 300;

/** Plain text of at most 4 kB or so: which try it was, how its program ended, and what it printed last. */
export async function tryEvidence(failed: FailedTry): Promise<string> {
  const { attempt, maxAttempts, end, output, closedRun } = failed;
  const head = `Attempt ${attempt} of ${maxAttempts}: ${end ?? 'how its program ended is not known'}.`;
  await (closedRun === undefined ? untilQuiet(output) : untilClosed(output, closedRun));
  // Evidence that cannot be read must not keep a task from being recorded.
  const printed = await tailOfLatestTry(output, lines).catch((error: Error) => [error.message]);
  if (printed.length === 0) return `${head} It printed nothing.`;
  return `${head} It printed last:\n${lastOf(printed)}`;
}

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
