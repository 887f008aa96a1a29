/** The files under the source folders, and the file each of them becomes in dist; reads folders, writes nothing. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The folders that tsconfig.json includes. */
export const sourceFolders = ['src', 'machines', 'test'];

/**
 * @typedef {object} SourceFile
 * @property {string} path relative to the repository
 * @property {string} output where it is in dist, relative to dist
 * @property {boolean} compiled written by tsc; anything else is copied as it is
 * @property {number} mode
 * @property {number} size
 * @property {number} mtimeMs
 */

/**
 * @param {string} root the repository
 * @returns {SourceFile[]} in the order of their paths
 */
export function listSources(root) {
  return sourceFolders
    .flatMap((folder) => listFiles(root, folder))
    .filter((path) => !path.endsWith('.d.ts'))
    .map((path) => {
      const { mode, size, mtimeMs } = statSync(join(root, path));
      return { path, output: outputOf(path), compiled: /\.[cm]?[jt]s$/.test(path), mode, size, mtimeMs };
    });
}

/**
 * @param {string} root
 * @param {string} folder relative to `root`
 * @returns {string[]} relative to `root`, sorted; empty when there is no such folder
 */
export function listFiles(root, folder) {
  if (!statSync(join(root, folder), { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? listFiles(root, path) : [path];
    })
    .sort();
}

/**
 * @param {string} path
 * @returns {string}
 */
function outputOf(path) {
  return path.replace(/\.([cm]?)ts$/, '.$1js');
}
