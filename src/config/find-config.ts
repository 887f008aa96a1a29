/** Which config file counts, and the project folder its relative paths start from. */
import { access } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ConfigError } from './config-error.ts';

export interface ConfigPlace {
  /** Absolute path of the config file. */
  file: string;
  /** The folder that relative paths in the config start from: the one above `config/`, else the file's own. */
  project: string;
}

const candidates = ['orchestra.yaml', 'config/orchestra.yaml'];

/**
 * Finds the config: `named` if given, else `orchestra.yaml` or `config/orchestra.yaml` in `from` or the nearest folder above.
 * @throws ConfigError `not-found`.
 */
export async function findConfig(named: string | undefined, from: string): Promise<ConfigPlace> {
  if (named !== undefined) return placeOf(resolve(from, named));
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    for (const candidate of candidates) {
      const file = join(folder, candidate);
      if (await exists(file)) return placeOf(file);
    }
    if (dirname(folder) === folder) break;
  }
  throw new ConfigError(
    'not-found',
    `No orchestra.yaml or config/orchestra.yaml in ${from} or above; name one with --config FILE.`,
  );
}

const placeOf = (file: string): ConfigPlace => {
  const folder = dirname(file);
  return { file, project: basename(folder) === 'config' ? dirname(folder) : folder };
};

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
