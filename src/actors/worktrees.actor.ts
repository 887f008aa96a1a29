/** Worktrees kept in line with the tasks: those of done tasks are removed, those of failed ones kept, strays are told. */
import { resolve } from 'node:path';
import { fromCallback, fromPromise } from 'xstate';
import { reconcilerMachine } from '../../machines/reconciler.machine.ts';
import { isOver } from '../tasks/task-record.ts';
import { openWorktrees } from '../worktrees/open-worktrees.ts';
import { WorktreeError } from '../worktrees/worktree-error.ts';
import type { World } from './world.ts';

export function worktreesActor(world: World) {
  const { ports } = world;
  const told = new Set<string>();
  return reconcilerMachine.provide({
    actors: {
      openSubject: fromPromise(async () => {
        const repository = resolve(world.project, world.config.repository);
        ports.worktrees.fill(await openWorktrees({ repository, directory: world.state.worktrees }));
      }),
      watchSubject: fromCallback(({ sendBack }) =>
        ports.tasks.get().onChange((task) => {
          if (isOver(task)) sendBack({ type: 'subject.changed' });
        }),
      ),
      reconcile: fromPromise(async () => {
        const worktrees = ports.worktrees.get();
        const tasks = ports.tasks.get();
        for (const { taskId, path } of await worktrees.list()) {
          const task = tasks.get(taskId);
          if (task?.state === 'done') await remove(world, taskId);
          else if (!task && !told.has(path)) {
            told.add(path);
            world.tell('node.worktree.left', world.config.node, { task: taskId, path });
          }
        }
      }),
      closeSubject: fromPromise(async () => ports.worktrees.empty()),
    },
  });
}

/** What cannot be removed now stays, named in the log, and is tried again in the next round. */
async function remove(world: World, taskId: string): Promise<void> {
  try {
    await world.ports.worktrees.get().remove(taskId);
  } catch (error) {
    if (!(error instanceof WorktreeError)) throw error;
    world.log.warn({ task: taskId, code: error.code, err: error }, 'worktree.removal.failed');
  }
}
