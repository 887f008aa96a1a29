/** The end of the process whose daemon has ended, whatever is left open in it. */
import type { DaemonEnd } from '../../daemon/start-daemon.ts';
import type { Log } from '../../log/log.ts';

/** How long the last words may take, in ms. */
const grace = 3_000;

/**
 * Sees to it that the process ends: a watch, a timer or a socket that something has forgotten must not keep it alive.
 * What was left open is logged. The exit status of a daemon that nobody asked to end is not 0.
 */
export function endProcess({ how }: DaemonEnd, log: Log): void {
  if (how === 'crashed') process.exitCode = 1;
  setTimeout(() => {
    log.warn({ resources: process.getActiveResourcesInfo() }, 'daemon.left.open');
    process.exit();
  }, grace).unref();
}
