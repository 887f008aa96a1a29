/** Ends a supervision tree from outside: in good order if there is time, by force if there is not. */
import { type ExitReason, exitReasonOf } from '../../machines/supervision/exit-reason.ts';
import { killsBelow, type PendingKill, sweepBelow } from '../../machines/supervision/subtree.ts';
import type { SupervisorRef } from '../../machines/supervisor.machine.ts';
import { type Timers, wallClock } from './timers.ts';

/** How a tree came to its end. */
export type ShutdownOutcome =
  /** Every child was ended in its turn. `reason` is the supervisor's own. */
  | { readonly outcome: 'ended'; readonly reason: ExitReason }
  /** The supervisor itself crashed. */
  | { readonly outcome: 'crashed'; readonly error: unknown }
  /** The deadline passed. `unkilled` are the paths of children whose `kill` failed or did not end in time. */
  | { readonly outcome: 'killed'; readonly unkilled: readonly string[] };

/**
 * Asks a root supervisor to shut down and waits for its end, at most `deadline` milliseconds; then everything below
 * it is stopped at once and every `kill` is called, all at the same time. Never rejects.
 */
export async function shutDown(
  supervisor: SupervisorRef,
  deadline: number,
  timers: Timers = wallClock,
): Promise<ShutdownOutcome> {
  const end = endOf(supervisor);
  if (supervisor.getSnapshot().status === 'active') supervisor.send({ type: 'shutdown' });
  const outcome = await within(deadline, end, timers);
  return outcome ?? killAll(supervisor, timers);
}

/** Settles with the supervisor's end, which may have come already. */
export function endOf(supervisor: SupervisorRef): Promise<ShutdownOutcome> {
  return new Promise((resolve) => {
    const settle = (): void => {
      const { status, output, error } = supervisor.getSnapshot();
      if (status === 'done') resolve({ outcome: 'ended', reason: exitReasonOf(output) });
      else if (status === 'error') resolve({ outcome: 'crashed', error });
      else if (status === 'stopped') resolve({ outcome: 'ended', reason: { kind: 'killed' } });
    };
    supervisor.subscribe({ complete: settle, error: settle });
    settle();
  });
}

async function killAll(supervisor: SupervisorRef, timers: Timers): Promise<ShutdownOutcome> {
  const kills = killsBelow(supervisor);
  sweepBelow(supervisor);
  supervisor.stop();
  const survivors = await Promise.all(kills.map((kill) => survivorOf(kill, timers)));
  return { outcome: 'killed', unkilled: survivors.filter((path) => path !== null) };
}

/** The path of a child that may have outlived its `kill`, or null. */
async function survivorOf(
  { kill, cause, path, timeout }: PendingKill,
  timers: Timers,
): Promise<string | null> {
  const attempt = async (): Promise<void> => kill(cause);
  const killed = attempt().then(
    () => true,
    () => false,
  );
  return (await within(timeout, killed, timers)) ? null : path;
}

/** What `promise` comes to, or undefined after so many milliseconds. */
async function within<Value>(
  milliseconds: number,
  promise: Promise<Value>,
  timers: Timers,
): Promise<Value | undefined> {
  let timer: unknown;
  const timeUp = new Promise<undefined>((resolve) => {
    timer = timers.setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([promise, timeUp]);
  } finally {
    timers.clearTimeout(timer);
  }
}
