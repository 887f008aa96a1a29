/** Re-reads the config file when it changes; a bad one is reported and the last good one stays in force. */
import { dirname } from 'node:path';
import { watch } from 'chokidar';
import type { Config } from './config.ts';
import { ConfigError } from './config-error.ts';
import { readConfig } from './read-config.ts';

export interface ConfigListener {
  changed(config: Config): void;
  rejected(error: ConfigError): void;
}

export interface ConfigWatch {
  /** Rejects when changes can no longer be seen, as when the system has no watches left. */
  lost: Promise<never>;
  close(): Promise<void>;
}

/**
 * Watches `file` (absolute) until it is closed. Its folder is watched, because a file that is removed
 * and written anew, as `git checkout` does it, is lost to a watch of the file alone (chokidar 5).
 */
export async function watchConfig(file: string, listener: ConfigListener): Promise<ConfigWatch> {
  const folder = dirname(file);
  const watcher = watch(folder, {
    depth: 0,
    ignored: (path) => path !== folder && path !== file,
    ignoreInitial: true,
    awaitWriteFinish: { stabilityThreshold: 100, pollInterval: 20 },
  });
  const reread = async (): Promise<void> => {
    try {
      listener.changed(await readConfig(file));
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      listener.rejected(error);
    }
  };
  const lost = new Promise<never>((_, reject) => watcher.on('error', reject));
  watcher.on('add', () => void reread());
  watcher.on('change', () => void reread());
  const ready = new Promise<void>((resolve) => watcher.once('ready', resolve));
  await Promise.race([ready, lost]);
  return { lost, close: () => watcher.close() };
}
