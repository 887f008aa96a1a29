/** The npm packages in node_modules: whether they are those of package-lock.json, and `npm ci` when they are not. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './run-command.mjs';
import { SetUpProblem } from './set-up-problem.mjs';

/**
 * @param {string} root the repository
 * @returns {import('./set-up-step.mjs').SetUpStep}
 */
export function dependencies(root) {
  return { isDone: async () => dependenciesFit(root), perform: (say) => installDependencies(root, say) };
}

/**
 * Compares package-lock.json with node_modules/.package-lock.json, which npm writes last, and looks for each folder.
 * Optional packages may be absent: npm leaves out those for other platforms.
 * @param {string} root
 * @returns {boolean}
 */
export function dependenciesFit(root) {
  const wanted = readPackages(join(root, 'package-lock.json'));
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'));
  return Object.entries(wanted).every(([folder, { version, integrity, optional }]) => {
    if (!folder.startsWith('node_modules/')) return true;
    const present = installed[folder];
    if (present === undefined) return optional === true;
    return present.version === version && present.integrity === integrity && existsSync(join(root, folder));
  });
}

/**
 * @param {string} root
 * @param {(line: string) => void} say
 */
async function installDependencies(root, say) {
  say(`Installing the npm packages of package-lock.json into ${join(root, 'node_modules')}`);
  const { ok, output } = await runCommand(
    'npm',
    // Development packages too: the compiler is one of them, and NODE_ENV=production would leave it out.
    [
      'ci',
      '--ignore-scripts',
      '--include=dev',
      '--prefer-offline',
      '--loglevel=error',
      '--no-audit',
      '--no-fund',
    ],
    { cwd: root },
  );
  if (!ok)
    throw new SetUpProblem(`The npm packages could not be installed: run npm ci in ${root}.`, {
      details: withoutUsage(output),
    });
}

/**
 * What npm says without the page of options it appends.
 * @param {string} output
 * @returns {string}
 */
function withoutUsage(output) {
  return output.split('npm error\nnpm error Clean install a project')[0] ?? '';
}

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockedPackage
 * @param {string} file
 * @returns {Record<string, LockedPackage>} by folder; empty when the file is not there or was cut off in writing
 */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
  } catch {
    return {};
  }
}
