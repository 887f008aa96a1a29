/** Patience with a repository that cannot be used for a while: moved, on a network that is away, locked by another git. */
import { setTimeout as pause } from 'node:timers/promises';
import type { AgentPlace } from '../agents/agent-place.ts';
import { WorktreeError, type WorktreeErrorCode } from '../worktrees/worktree-error.ts';
import type { World } from './world.ts';

/** Troubles that may pass by themselves; the others are somebody's to mend. */
const passing: readonly WorktreeErrorCode[] = ['git-missing', 'not-a-repository', 'timeout', 'git-failed'];

/** So often in a row git may refuse although the repository as such is there. */
const tries = 12;
const tryPause = 5_000;

/**
 * Does `act` for an agent, and for about a minute again when git is the trouble; for as long as it takes while the whole
 * repository cannot be used, which no task must pay for. Until then the agent is not silent but waits.
 * @throws WorktreeError, or the signal's reason
 */
export async function withRepository<T>(
  world: World,
  place: AgentPlace,
  signal: AbortSignal,
  act: () => Promise<T>,
): Promise<T> {
  try {
    for (let refusals = 0; ; ) {
      try {
        return await act();
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof WorktreeError) || !passing.includes(error.code)) throw error;
        refusals = (await isUsable(world)) ? refusals + 1 : 0;
        if (refusals === tries) throw error;
        place.awaitsRepository = true;
        world.log.warn({ agent: place.name, code: error.code, refusals, err: error }, 'repository.unusable');
        await pause(tryPause, undefined, { signal });
      }
    }
  } finally {
    place.awaitsRepository = false;
  }
}

/** Whether git answers for the repository as such: then it is this one task that it refuses. */
async function isUsable({ ports }: World): Promise<boolean> {
  try {
    await ports.worktrees.get().list();
    return true;
  } catch (error) {
    if (!(error instanceof WorktreeError)) throw error;
    return false;
  }
}
