/** Why a daemon ended unasked: it says so in its log, and who finds it gone reads it there. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** The log's message of a daemon whose root has ended although nobody asked it to. */
export const daemonEnded = 'daemon.ended';

const Line = z.object({ time: z.iso.datetime(), msg: z.literal(daemonEnded), reason: z.string() });

/** The reason of the latest such end that is on record in `logFile` since then; undefined when there is none. */
export async function lastEnd(logFile: string, since: Date): Promise<string | undefined> {
  const log = await readFile(logFile, 'utf8').catch(() => '');
  const found = log.split('\n').findLast((line) => line.includes(daemonEnded));
  const end = found === undefined ? undefined : Line.safeParse(parsed(found)).data;
  return end && Date.parse(end.time) >= since.getTime() ? end.reason : undefined;
}

/** Undefined for a line that was cut off. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
