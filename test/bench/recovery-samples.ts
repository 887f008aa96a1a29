/** Killing a program again and again, and the time until its successor has said that it runs. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Announced, Announcements } from './announcements.ts';

export interface Recovery {
  /** From SIGKILL to the successor's first act, in ms. */
  readonly took: number;
  /** When the signal was sent, in ms since 1970. */
  readonly killedAt: number;
}

/**
 * How long nobody kills anything, in ms: kills meet polls at every phase, and a daemon at rest whose supervisor has
 * forgotten the last crash (after `restart.period`, here 1 s; before that it waits 4, 16, 64 … ms by design).
 */
const calm = () => delay(1_200 + Math.random() * 200);

/**
 * @param current the program that runs
 * @param prepare makes ready for the next kill and says whom it meets; default: the successor, after a calm
 */
export async function killAgainAndAgain(
  announcements: Announcements,
  current: Announced,
  count: number,
  prepare: (successor: Announced, index: number) => Promise<Announced> = async (successor) => {
    await calm();
    return successor;
  },
): Promise<Recovery[]> {
  const recoveries: Recovery[] = [];
  let victim = await prepare(current, 0);
  for (let index = 1; index <= count; index += 1) {
    const next = announcements.next();
    const killed = performance.now();
    process.kill(victim.pid, 'SIGKILL');
    const successor = await next;
    recoveries.push({ took: successor.at - killed, killedAt: performance.timeOrigin + killed });
    if (index < count) victim = await prepare(successor, index);
  }
  return recoveries;
}
