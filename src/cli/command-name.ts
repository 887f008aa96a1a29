/** What a person types to run this command again. */
import { delimiter } from 'node:path';
import { findProgram } from '../setup/find-program.mjs';

/**
 * `orchestra` where the PATH has one, else `npx orchestra`, which works inside a checkout. npm puts folders of its own
 * before the PATH of the scripts it runs; a shell does not have those.
 */
export function commandName(path: string = process.env['PATH'] ?? ''): string {
  const folders = path.split(delimiter).filter((folder) => !/node_modules[\\/]\.bin$/u.test(folder));
  return findProgram('orchestra', { path: folders.join(delimiter) }) === undefined
    ? 'npx orchestra'
    : 'orchestra';
}
