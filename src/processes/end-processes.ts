/** Ending processes for certain: ask, wait for the effect, force, wait again. */
import { setTimeout as delay } from 'node:timers/promises';
import { isNodeError } from './node-error.ts';
import type { ProcessIdentity } from './process-entry.ts';
import { isRunning, stillRunning } from './process-table.ts';

export interface EndOptions {
  /** How long SIGTERM may take before SIGKILL follows, in ms; 0: SIGKILL at once. */
  readonly graceMs: number;
  /** How long SIGKILL may take, in ms: a process in an uninterruptible call dies when the call is over. Default 2000. */
  readonly killMs?: number;
}

/**
 * Sends SIGTERM, waits until the processes are gone, sends SIGKILL to those that are not, waits again.
 *
 * @returns those that still run: stuck in the kernel, or another user's. Empty when all is well.
 */
export async function endProcesses<P extends ProcessIdentity>(
  processes: readonly P[],
  { graceMs, killMs = 2_000 }: EndOptions,
): Promise<P[]> {
  let left = await stillRunning(processes);
  if (graceMs > 0) {
    await signalAll(left, 'SIGTERM');
    // A stopped process does not hear SIGTERM before it continues.
    await signalAll(left, 'SIGCONT');
    left = await waitUntilGone(left, graceMs);
  }
  await signalAll(left, 'SIGKILL');
  return waitUntilGone(left, killMs);
}

/** Waits until none of the processes runs any more, at most `withinMs`. @returns those that still do. */
export async function waitUntilGone<P extends ProcessIdentity>(
  processes: readonly P[],
  withinMs: number,
): Promise<P[]> {
  const deadline = performance.now() + withinMs;
  let pauseMs = 1;
  let left = await stillRunning(processes);
  while (left.length > 0 && performance.now() < deadline) {
    await delay(pauseMs);
    pauseMs = Math.min(pauseMs * 2, 25);
    left = await stillRunning(left);
  }
  return left;
}

async function signalAll(processes: readonly ProcessIdentity[], signal: NodeJS.Signals): Promise<void> {
  for (const process of processes) if (await isRunning(process)) send(process.pid, signal);
}

/** ESRCH: ended meanwhile. EPERM: another user's; it will be among those that still run. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!isNodeError(error) || !['ESRCH', 'EPERM'].includes(error.code)) throw error;
  }
}
