/** Restores a backup into a state folder that is empty: all of it, or a folder that says that it is not whole. */
import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bus } from '../bus/bus.ts';
import { storeFolder } from '../nats-server/store-folder.ts';
import { isNodeError } from '../processes/node-error.ts';
import { FolderLockedError, lockFolder } from '../state-folder/folder-lock.ts';
import { createStateFolder, type StateFolder } from '../state-folder/state-folder.ts';
import { readArchive, type VerifiedBackup, verifyArchive } from './archive-reader.ts';
import { BackupError } from './backup-error.ts';
import { checkRepository, type GitTarget, restoreWork } from './git-restore.ts';
import { noteBackup } from './last-backup.ts';
import { bundleName, streamOfPart } from './manifest.ts';
import { renewTokens } from './renew-tokens.ts';
import { incompleteRestore, markRestore, unmarkRestore } from './restore-marker.ts';
import { type RestoringStream, restoreStream } from './restore-stream.ts';
import { withOwnServer } from './store-access.ts';

export interface RestoreOptions {
  file: string;
  state: StateFolder;
  repository: string;
  /** The path of nats-server in the config. */
  server: string | undefined;
  onProgress: (what: string) => void;
}

export interface RestoreSummary extends VerifiedBackup {
  /** What a person should know besides. */
  notes: string[];
}

/**
 * Nothing is written before the whole file is found to be right and the folder to be empty.
 * @throws BackupError, NatsServerError, WorktreeError, StateFolderError; once writing has begun, the folder says that it is not
 *   whole, and the restore can be repeated
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreSummary> {
  const { file, state, onProgress } = options;
  onProgress('checking the file');
  const verified = await verifyArchive(file);
  const target: GitTarget = { repository: options.repository, worktrees: state.worktrees };
  await createStateFolder(state);
  const unlock = await locked(state);
  // One that a restore which was killed has left is swept by its name.
  const draft = join(state.root, 'work.bundle.draft');
  try {
    await refuseFilledFolder(state);
    const bundle = await takeBundle(verified, draft);
    await checkRepository(target, verified.manifest.git, bundle);
    await markRestore(state, file);
    await clear(state);
    await withOwnServer(options, async (bus) => {
      await restoreStreams(bus, verified, onProgress);
      await renewTokens(bus, new Set(verified.manifest.streams.map(({ name }) => name)));
    });
    onProgress('git');
    const notes = await restoreWork(target, verified.manifest.git, bundle);
    await noteBackup(state, { at: verified.head.at, file });
    await unmarkRestore(state);
    return { ...verified, notes };
  } finally {
    await rm(draft, { force: true });
    await unlock();
  }
}

/** Git wants a file: beside what is restored, where there has to be room anyway. */
async function takeBundle({ file, manifest }: VerifiedBackup, path: string): Promise<string | undefined> {
  if (manifest.git.bundle === null) return undefined;
  const out = await open(path, 'w', 0o600);
  try {
    for await (const { name, data } of readArchive(file))
      if (name === bundleName) for await (const chunk of data) await out.writeFile(chunk);
    return path;
  } catch (error) {
    if (!isNodeError(error)) throw error;
    throw new BackupError(
      'unwritable',
      `${path} cannot be written (${error.message}): make room, and restore again.`,
      error,
    );
  } finally {
    await out.close();
  }
}

async function locked(state: StateFolder): Promise<() => Promise<void>> {
  try {
    return await lockFolder(state.root, state.lockFile);
  } catch (error) {
    if (!(error instanceof FolderLockedError)) throw error;
    throw new BackupError(
      'in-use',
      `An orchestra runs on ${state.root} (pid ${error.pid}): end it with \`orchestra down\`, and move the folder away if what is in it is to be replaced.`,
      error,
    );
  }
}

/** What an earlier restore has left does not count: it says itself that it is not whole. @throws BackupError `not-empty` */
async function refuseFilledFolder(state: StateFolder): Promise<void> {
  if ((await incompleteRestore(state)) !== undefined) return;
  for (const folder of restored(state)) {
    const [found] = await readdir(folder).catch(() => []);
    if (found === undefined) continue;
    throw new BackupError(
      'not-empty',
      `${state.root} is not empty (${join(folder, found)}), and nothing in it is overwritten: move it away first, for example with \`mv ${state.root} ${state.root}.old\`.`,
    );
  }
}

/** The folders that a restore fills. */
const restored = (state: StateFolder): string[] => [storeFolder(state.nats).jetStreamFolder, state.worktrees];

async function clear(state: StateFolder): Promise<void> {
  for (const folder of restored(state)) await rm(folder, { recursive: true, force: true });
}

/** The parts of a stream stand one after the other. */
async function restoreStreams(
  bus: Bus,
  { file, manifest }: VerifiedBackup,
  onProgress: RestoreOptions['onProgress'],
): Promise<void> {
  const waiting = [...manifest.streams];
  let current: { name: string; restoring: RestoringStream } | undefined;
  for await (const { name, data } of readArchive(file)) {
    const stream = streamOfPart(name);
    if (stream === undefined) continue;
    if (current?.name !== stream) {
      await current?.restoring.end();
      const entry = waiting.shift();
      if (entry?.name !== stream)
        throw new BackupError('damaged', `${file} lists its streams in another order than it holds them.`);
      onProgress(stream);
      current = { name: stream, restoring: await restoreStream(bus, entry) };
    }
    for await (const chunk of data) await current.restoring.write(chunk);
  }
  await current?.restoring.end();
}
