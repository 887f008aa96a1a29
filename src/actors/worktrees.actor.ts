/** Worktrees kept in line with the tasks: those of tasks that are over are removed, those of failed ones kept, strays are told. */
import { resolve } from 'node:path';
import { fromCallback, fromPromise } from 'xstate';
import { reconcilerMachine } from '../../machines/reconciler.machine.ts';
import { isOver } from '../tasks/task-record.ts';
import { endGit } from '../worktrees/git-processes.ts';
import type { Worktree } from '../worktrees/list-worktrees.ts';
import { openWorktrees } from '../worktrees/open-worktrees.ts';
import { WorktreeError } from '../worktrees/worktree-error.ts';
import { ToldOnce } from './told-once.ts';
import type { World } from './world.ts';

/** How long git may go on with what it does when the daemon goes down, in ms. */
const gitGrace = 1_000;

export function worktreesActor(world: World, open = openWorktrees) {
  const { ports } = world;
  const troubles = { repository: new ToldOnce(), worktrees: new ToldOnce() };
  /** Whether a worktree is still there only because an agent was at work in it. */
  let isInUse = false;
  return reconcilerMachine.provide({
    actors: {
      openSubject: fromPromise(async () => {
        const repository = resolve(world.project, world.config.repository);
        ports.worktrees.fill(await open({ repository, directory: world.state.worktrees }));
      }),
      watchSubject: fromCallback(({ sendBack }) => {
        const changed = () => sendBack({ type: 'subject.changed' });
        const stops = [
          ports.tasks.get().onChange((task) => {
            if (isOver(task)) changed();
          }),
          // Whoever worked on a task that was closed has let go of it.
          ports.presence.get().onChange(({ availability }) => {
            if (isInUse && availability !== 'working') changed();
          }),
        ];
        return () => {
          for (const stop of stops) stop();
        };
      }),
      reconcile: fromPromise(async () => {
        try {
          isInUse = await tidyUp(world, await ports.worktrees.get().list(), troubles.worktrees);
          troubles.repository.forget('list');
        } catch (error) {
          if (!(error instanceof WorktreeError)) throw error;
          // The repository is away or refuses: the rest goes on, and the next round asks again.
          if (troubles.repository.isNews('list', error.code))
            world.tell('node.repository.failed', world.config.node, { reason: error.message });
        }
      }),
      closeSubject: fromPromise(async () => {
        ports.worktrees.empty();
        if (world.stopping) await endGit(gitGrace);
      }),
    },
  });
}

/** Whether one that is to be removed is still worked in. */
async function tidyUp(world: World, worktrees: readonly Worktree[], troubles: ToldOnce): Promise<boolean> {
  const tasks = world.ports.tasks.get();
  let isInUse = false;
  troubles.keep(new Set(worktrees.map(({ path }) => path)));
  for (const worktree of worktrees) {
    const { taskId, path } = worktree;
    const task = tasks.get(taskId);
    if (!task) {
      if (troubles.isNews(path, 'no task'))
        world.tell('node.worktree.left', world.config.node, { task: taskId, path });
    } else if (task.state === 'closed' && isWorkedOn(world, taskId)) {
      isInUse = true;
    } else if (isOver(task)) {
      await remove(world, worktree, troubles);
    }
  }
  return isInUse;
}

/** Closed by somebody else in the middle of the work, it is in an agent's hands until that one has noticed. */
function isWorkedOn(world: World, taskId: string): boolean {
  const presence = world.ports.presence.get();
  return [...world.places.keys()].some((name) => {
    const { availability, task } = presence.get(name) ?? {};
    return availability === 'working' && task === taskId;
  });
}

/** What cannot be removed now, as with changes that nobody has committed, stays, and is tried again in the next round. */
async function remove(world: World, { taskId, path }: Worktree, troubles: ToldOnce): Promise<void> {
  try {
    await removeWithBranch(world, taskId);
  } catch (error) {
    if (!(error instanceof WorktreeError)) throw error;
    if (troubles.isNews(path, error.code))
      world.tell('node.worktree.kept', world.config.node, { task: taskId, path, reason: error.message });
  }
}

/** A branch whose commits the mainline has goes too, or they would slow git down by the thousands; another one stays. */
async function removeWithBranch(world: World, taskId: string): Promise<void> {
  const worktrees = world.ports.worktrees.get();
  try {
    await worktrees.remove(taskId, { deleteBranch: true });
  } catch (error) {
    if (!(error instanceof WorktreeError) || error.code !== 'unmerged') throw error;
    await worktrees.remove(taskId);
  }
}
