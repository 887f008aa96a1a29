/** A program that comes from the machine's packages (tmux, git): found and new enough, or installed. */
import { findPrograms } from './find-program.mjs';
import { installCommand, installPackage } from './package-manager.mjs';
import { SetUpProblem } from './set-up-problem.mjs';
import { isAtLeast } from './version.mjs';

/**
 * @typedef {object} NeededProgram
 * @property {string} name of the program and of its package
 * @property {string} flag that makes it print its version
 * @property {string} oldest the oldest version that will do
 */

/**
 * @param {NeededProgram} program
 * @param {{ env: NodeJS.ProcessEnv, versionOf: import('./program-version.mjs').VersionReader }} options
 * @returns {import('./set-up-step.mjs').SetUpStep}
 */
export function neededProgram(program, { env, versionOf }) {
  const isDone = async () => {
    const version = await installedVersion(program, env, versionOf);
    return version !== undefined && isAtLeast(version, program.oldest);
  };
  return {
    isDone,
    async perform(say) {
      const { ok, output } = await installPackage(program.name, { env, say });
      if (ok && (await isDone())) return;
      const version = await installedVersion(program, env, versionOf);
      const lack = version === undefined ? `${program.name} is missing` : `${program.name} is ${version}`;
      const command =
        installCommand(program.name, env) ?? `install ${program.name} with this system's package manager`;
      throw new SetUpProblem(`${lack}, and ${program.oldest} or newer is needed: ${command}`, {
        details: output,
      });
    },
  };
}

/**
 * The version of the one that a shell would run.
 * @param {NeededProgram} program
 * @param {NodeJS.ProcessEnv} env
 * @param {import('./program-version.mjs').VersionReader} versionOf
 * @returns {Promise<string | undefined>}
 */
async function installedVersion({ name, flag }, env, versionOf) {
  const [path] = findPrograms(name, { path: env['PATH'] });
  return path && (await versionOf(path, flag));
}
