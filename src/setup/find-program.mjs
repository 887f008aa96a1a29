/** Where a program is, by looking for its file as a shell does; nothing is run. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/**
 * Every executable file of that name, in the order of the folders.
 * @param {string} name the program's name, without a slash
 * @param {{ path?: string | undefined, alsoIn?: readonly string[] }} [places] `path` as in the PATH variable;
 *   `alsoIn` are folders to look in after it. Relative folders are passed over: what they mean depends on the caller.
 * @returns {string[]} absolute paths
 */
export function findPrograms(name, { path = process.env['PATH'], alsoIn = [] } = {}) {
  const folders = [...(path ?? '').split(delimiter), ...alsoIn].filter((folder) => isAbsolute(folder));
  return [...new Set(folders)].map((folder) => join(folder, name)).filter(isExecutableFile);
}

/**
 * The first executable file of that name.
 * @param {string} name
 * @param {Parameters<typeof findPrograms>[1]} [places]
 * @returns {string | undefined} its absolute path
 */
export function findProgram(name, places) {
  return findPrograms(name, places)[0];
}

/**
 * @param {string} file
 * @returns {boolean} false too where the folder may not be entered
 */
export function isExecutableFile(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
