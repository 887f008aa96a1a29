/** The gits that run now, each in a process group of its own, and how they end: when they take too long, and with us. */
import { setTimeout as delay } from 'node:timers/promises';

/** How long git may take to end when it is told to, in ms. */
const KILL_MS = 5_000;

/** What runs now, by process group. */
const runs = new Map<number, Promise<unknown>>();
let isEnding = false;

/** Whether no more git may be begun. */
export const isGitEnding = (): boolean => isEnding;

/** Until the returned function is called, the run ends with this process. */
export function remember(pid: number | undefined, run: Promise<unknown>): () => void {
  if (pid === undefined) return () => undefined;
  runs.set(pid, run);
  return () => runs.delete(pid);
}

/** Ends a whole group: what git has started for the network may hang as well, and holds its output open. */
export function endLater(group: number | undefined, timeout: number) {
  let isPassed = false;
  let timer = setTimeout(() => {
    isPassed = true;
    signalGroup(group, 'SIGTERM');
    timer = setTimeout(() => signalGroup(group, 'SIGKILL'), KILL_MS);
  }, timeout);
  return { isPassed: () => isPassed, cancel: () => clearTimeout(timer) };
}

function endRuns(): void {
  // Upon this signal git takes its locks and half-made worktrees away.
  for (const group of runs.keys()) signalGroup(group, 'SIGTERM');
}

// Groups of their own do not end with ours.
process.on('exit', endRuns);

/** For the end of this process: what runs may finish within `graceMs`, and nothing more is begun. */
export async function endGit(graceMs: number): Promise<void> {
  isEnding = true;
  await Promise.race([Promise.allSettled(runs.values()), delay(graceMs, undefined, { ref: false })]);
  endRuns();
}

/** What the system says of a group that has ended; macOS the second, where it is not yet reaped. */
const gone = new Set(['ESRCH', 'EPERM']);

function signalGroup(group: number | undefined, signal: NodeJS.Signals): void {
  if (group === undefined) return;
  try {
    process.kill(-group, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && gone.has(String(error.code)))) throw error;
  }
}
