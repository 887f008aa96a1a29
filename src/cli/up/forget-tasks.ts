/** `orchestra up --sample --fresh`: the tasks, facts and worktrees of earlier runs are thrown away. */
import { rm } from 'node:fs/promises';
import { lockFolder } from '../../state-folder/folder-lock.ts';
import { createStateFolder, type StateFolder } from '../../state-folder/state-folder.ts';

/** @throws FolderLockedError while a daemon runs. */
export async function forgetTasks(state: StateFolder): Promise<void> {
  await createStateFolder(state);
  const unlock = await lockFolder(state.root, state.lockFile);
  try {
    for (const path of [state.nats, state.worktrees, state.restoreFile])
      await rm(path, { recursive: true, force: true });
  } finally {
    await unlock();
  }
}
