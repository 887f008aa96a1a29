/** Killing a program again and again, and the time until its successor has said that it runs. */
import type { Announced, Announcements } from './announcements.ts';

export interface Recovery {
  /** From SIGKILL to the successor's first act, in ms. */
  readonly took: number;
  /** When the signal was sent, in ms since 1970. */
  readonly killedAt: number;
}

/**
 * @param nextVictim makes ready for the next kill and says whom it meets; gets the successor of the last one, if any
 */
export async function killAgainAndAgain(
  announcements: Announcements,
  count: number,
  nextVictim: (successor: Announced | undefined, index: number) => Promise<Announced>,
): Promise<Recovery[]> {
  const recoveries: Recovery[] = [];
  let successor: Announced | undefined;
  for (let index = 0; index < count; index += 1) {
    const victim = await nextVictim(successor, index);
    const next = announcements.next();
    const killed = performance.now();
    process.kill(victim.pid, 'SIGKILL');
    successor = await next;
    recoveries.push({ took: successor.at - killed, killedAt: performance.timeOrigin + killed });
  }
  return recoveries;
}
