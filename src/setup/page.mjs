/** The page in dist/page: checked by the compiler, bundled by vite; what it is made from and whether it is there. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './run-command.mjs';
import { SetUpProblem } from './set-up-problem.mjs';

/** What vite reads besides the sources. */
export const pageInputs = ['vite.config.ts'];

/**
 * Whether a source goes into the bundle and nowhere else in dist; what is pure (src/page/model) is compiled for the
 * tests as well.
 * @param {string} path relative to the repository
 * @returns {boolean}
 */
export function isOnlyBundled(path) {
  return path.startsWith(join('src', 'page', '/')) && !path.startsWith(join('src', 'page', 'model', '/'));
}

/**
 * @param {string} root the repository
 * @returns {boolean}
 */
export function pageIsThere(root) {
  return !hasPage(root) || existsSync(join(root, 'dist', 'page', 'index.html'));
}

/** @param {string} root the repository */
export async function buildPage(root) {
  if (!hasPage(root)) return;
  const typescript = join('node_modules', 'typescript', 'bin', 'tsc');
  const vite = join('node_modules', 'vite', 'bin', 'vite.js');
  const commands = [
    [typescript, '-p', join('src', 'page')],
    [vite, 'build', '--logLevel', 'warn'],
  ];
  for (const [program = '', ...args] of commands) {
    const { ok, output } = await runCommand(process.execPath, [join(root, program), ...args], { cwd: root });
    if (!ok)
      throw new SetUpProblem('The page cannot be built: correct what the compiler says.', {
        details: output,
        exitCode: 1,
      });
  }
}

/**
 * @param {string} root
 * @returns {boolean}
 */
function hasPage(root) {
  return existsSync(join(root, 'src', 'page', 'index.html'));
}
