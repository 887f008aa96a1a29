/** Tells when something in a folder of issues may have changed; what changed is for the next listing to find. */
import { basename } from 'node:path';
import { watch } from 'chokidar';
import { TrackerError } from '../tracker.ts';
import { isIssueFileName } from './file-name.ts';

/** An editor's save is several events, and a checkout thousands; one call of `onChange` is enough for them all. */
const QUIET_MS = 100;

/**
 * Resolves once the folder is watched. After that `onChange` is called for every burst of changes, and when watching
 * itself gets into trouble: the listing that follows will say what is wrong.
 */
export async function watchFolder(folder: string, onChange: () => void): Promise<{ close(): Promise<void> }> {
  let timer: NodeJS.Timeout | undefined;
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(onChange, QUIET_MS);
  };
  const watcher = watch(folder, {
    ignoreInitial: true,
    depth: 0,
    followSymlinks: false,
    ignored: (path, stats) => stats !== undefined && !stats.isDirectory() && !isIssueFileName(basename(path)),
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
      clearTimeout(timer);
      await watcher.close();
      clearTimeout(timer);
    },
  };
}
