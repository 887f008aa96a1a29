/** Patience with a repository that cannot be used for a while: moved, on a network that is away, locked by another git. */
import { setTimeout as pause } from 'node:timers/promises';
import { WorktreeError, type WorktreeErrorCode } from '../worktrees/worktree-error.ts';
import type { World } from './world.ts';

/** Troubles that may pass by themselves; the others are somebody's to mend. */
const passing: readonly WorktreeErrorCode[] = ['git-missing', 'not-a-repository', 'timeout', 'git-failed'];

const tries = 12;
const tryPause = 5_000;

/** Does `act`, and for about a minute again when the repository is the trouble. @throws WorktreeError, or the signal's reason */
export async function withRepository<T>(
  world: World,
  signal: AbortSignal,
  act: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await act();
    } catch (error) {
      signal.throwIfAborted();
      const mayPass = error instanceof WorktreeError && passing.includes(error.code);
      if (!mayPass || attempt === tries) throw error;
      world.log.warn({ code: error.code, attempt, err: error }, 'repository.unusable');
      await pause(tryPause, undefined, { signal });
    }
  }
}
