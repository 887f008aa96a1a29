/** Tells when something in a folder of issues may have changed; what changed is for the next listing to find. */
import { type FSWatcher, watch } from 'node:fs';
import { access } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { attempt } from '../attempt.ts';
import { TrackerError } from '../tracker.ts';
import { isIssueFileName } from './file-name.ts';

/** An editor's save is several events, and a checkout thousands; one call of `onChange` is enough for them all. */
const QUIET_MS = 100;

/**
 * Resolves once the folder, an absolute path, is watched; it may come, go and come back later. After that `onChange`
 * is called for every burst of changes, and when watching itself gets into trouble: the listing that follows will say
 * what is wrong. Two watches of the system are enough for any number of issues; chokidar 5 takes one for each file.
 * @throws TrackerError `unavailable`, `watch-failed`
 */
export async function watchFolder(folder: string, onChange: () => void): Promise<{ close(): Promise<void> }> {
  let timer: NodeJS.Timeout | undefined;
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(onChange, QUIET_MS);
  };
  const parent = dirname(folder);
  await attempt('unavailable', `cannot watch ${folder}`, access(parent));
  const insideChanged = (name: string | null) => {
    if (name === null || isIssueFileName(name)) changed();
  };
  const watchers: { above?: FSWatcher; inside?: FSWatcher | undefined } = {};
  const close = () => {
    watchers.above?.close();
    watchers.inside?.close();
    clearTimeout(timer);
  };
  /** A watch on a folder ends with the folder: the one above sees it come back, as after `git checkout`. */
  const folderReplaced = () => {
    changed();
    watchers.inside?.close();
    try {
      watchers.inside = watchIfThere(folder, insideChanged, changed);
    } catch {
      // What keeps us out keeps out the listing that is on its way, too, and that one says so.
      watchers.inside = undefined;
    }
  };
  try {
    watchers.above = watch(parent, (_, name) => {
      if (name === null || name === basename(folder)) folderReplaced();
    }).on('error', changed);
    watchers.inside = watchIfThere(folder, insideChanged, changed);
  } catch (error) {
    close();
    throw new TrackerError('watch-failed', `cannot watch ${folder}`, { cause: error });
  }
  return { close: async () => close() };
}

/** @throws what the file system says, unless the folder is only not there */
function watchIfThere(
  folder: string,
  onEvent: (name: string | null) => void,
  onTrouble: () => void,
): FSWatcher | undefined {
  try {
    return watch(folder, (_, name) => onEvent(name)).on('error', onTrouble);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
