/** Tells when something in a folder of issues may have changed; what changed is for the next listing to find. */
import { access } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { watch } from 'chokidar';
import { attempt } from '../attempt.ts';
import { TrackerError } from '../tracker.ts';
import { isIssueFileName } from './file-name.ts';

/** An editor's save is several events, and a checkout thousands; one call of `onChange` is enough for them all. */
const QUIET_MS = 100;

/**
 * Resolves once the folder, an absolute path, is watched; it may come, go and come back later. After that `onChange`
 * is called for every burst of changes, and when watching itself gets into trouble: the listing that follows will say
 * what is wrong.
 */
export async function watchFolder(folder: string, onChange: () => void): Promise<{ close(): Promise<void> }> {
  let timer: NodeJS.Timeout | undefined;
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(onChange, QUIET_MS);
  };
  // A watch on a folder ends with the folder (`git checkout` removes and makes them), so it is on the one above.
  const parent = dirname(folder);
  await attempt('unavailable', `cannot watch ${folder}`, access(parent));
  const isOurs = (path: string) =>
    path === parent || path === folder || (dirname(path) === folder && isIssueFileName(basename(path)));
  const watcher = watch(parent, {
    ignoreInitial: true,
    depth: 1,
    followSymlinks: false,
    ignored: (path) => !isOurs(path),
  });
  await new Promise<void>((resolve, reject) => {
    watcher.once('ready', resolve);
    watcher.once('error', reject);
  }).catch(async (error: unknown) => {
    await watcher.close();
    throw new TrackerError('watch-failed', `cannot watch ${folder}`, { cause: error });
  });
  watcher.on('all', changed).on('error', changed);
  return {
    async close() {
      await watcher.close();
      clearTimeout(timer);
    },
  };
}
