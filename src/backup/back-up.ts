/** A backup of one state folder: over the daemon's own bus while it runs, with a nats-server of our own while none does. */
import { existsSync } from 'node:fs';
import type { Bus } from '../bus/bus.ts';
import { storeFolder } from '../nats-server/store-folder.ts';
import type { DaemonFile } from '../state-folder/daemon-file.ts';
import { FolderLockedError, lockFolder } from '../state-folder/folder-lock.ts';
import type { StateFolder } from '../state-folder/state-folder.ts';
import { BackupError } from './backup-error.ts';
import { noteBackup } from './last-backup.ts';
import { refuseIncompleteRestore } from './restore-marker.ts';
import { withBus, withOwnServer } from './store-access.ts';
import { type BackupOptions, type BackupSummary, writeBackup } from './write-backup.ts';

export interface BackUpOptions extends Omit<BackupOptions, 'bus'> {
  state: StateFolder;
  /** The path of nats-server in the config. */
  server: string | undefined;
  /** The daemon that runs on the folder, if any. */
  daemon: DaemonFile | undefined;
}

/** @throws BackupError, NatsServerError, BusError, WorktreeError; the file is then as it was before */
export async function backUp(options: BackUpOptions): Promise<BackupSummary> {
  const { state } = options;
  await refuseIncompleteRestore(state);
  const summary = await withStore(options, (bus) => writeBackup({ ...options, bus }));
  await noteBackup(state, { at: summary.head.at, file: summary.file });
  return summary;
}

async function withStore<Result>(
  { state, server, daemon }: BackUpOptions,
  act: (bus: Bus) => Promise<Result>,
): Promise<Result> {
  if (daemon) return withBus(daemon.natsUrl, daemon.operatorKey, act);
  if (!existsSync(storeFolder(state.nats).jetStreamFolder))
    throw new BackupError(
      'nothing-there',
      `There is nothing to back up in ${state.root}: no orchestra has run on it yet.`,
    );
  const unlock = await locked(state);
  try {
    return await withOwnServer({ state, server }, act);
  } finally {
    await unlock();
  }
}

async function locked({ root, lockFile }: StateFolder): Promise<() => Promise<void>> {
  try {
    return await lockFolder(root, lockFile);
  } catch (error) {
    if (!(error instanceof FolderLockedError)) throw error;
    throw new BackupError(
      'in-use',
      `The orchestra on ${root} (pid ${error.pid}) is still starting, or just ending; try again in a moment.`,
      error,
    );
  }
}
