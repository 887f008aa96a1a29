/** Which config and which state folder a command means; the config need not be free of faults for that. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { type ConfigPlace, findConfig } from '../config/find-config.ts';
import { readConfig } from '../config/read-config.ts';
import { locateState } from '../state-folder/locate-state.ts';
import { type StateFolder, stateFolder } from '../state-folder/state-folder.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  config?: string;
  stateFolder?: string;
}

/** The config file: named, from the environment, or the nearest. @throws ConfigError `not-found` */
export function placeOfConfig({ config }: Pick<GlobalOptions, 'config'>): Promise<ConfigPlace> {
  return findConfig(config ?? (process.env['ORCHESTRA_CONFIG'] || undefined), process.cwd());
}

/** The state folder: named, from the environment, or from the config. @throws ConfigError when no config is there */
export async function findState(options: GlobalOptions): Promise<StateFolder> {
  const named = options.stateFolder ?? (process.env['ORCHESTRA_STATE'] || undefined);
  if (named !== undefined) return stateFolder(resolve(named));
  const { file, project } = await placeOfConfig(options);
  return locateState(project, await configuredState(file), process.env);
}

/** `state` alone: a daemon that runs can be seen and ended while somebody edits its config. */
async function configuredState(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  // Says what every command says of a file that is not there.
  if (text === undefined) return (await readConfig(file)).state;
  const state: unknown = parseDocument(text, { logLevel: 'silent' }).get('state');
  return typeof state === 'string' ? state : undefined;
}
