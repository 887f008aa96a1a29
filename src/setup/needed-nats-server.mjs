/** nats-server, new enough: found where the daemon will look for it, or put there. */
import { findDebianMirrors } from './apt-sources.mjs';
import { fetchNatsServer } from './fetch-nats-server.mjs';
import { findProgram } from './find-program.mjs';
import { findNatsServer, natsServerFolder, oldestNatsServer } from './nats-server.mjs';
import { installPackage } from './package-manager.mjs';
import { SetUpProblem } from './set-up-problem.mjs';

/**
 * @param {object} options
 * @param {NodeJS.ProcessEnv} options.env
 * @param {string} options.stateFolder
 * @param {import('./program-version.mjs').VersionReader} options.versionOf
 * @returns {import('./set-up-step.mjs').SetUpStep}
 */
export function neededNatsServer({ env, stateFolder, versionOf }) {
  const find = () => findNatsServer({ env, stateFolder, versionOf });
  return {
    async isDone() {
      const found = await find();
      // A server that was named is used or refused: fetching another would not change that.
      if ('problem' in found && env['ORCHESTRA_NATS_SERVER']) throw new SetUpProblem(found.problem);
      return 'path' in found;
    },
    async perform(say) {
      const details = await getNatsServer({ env, stateFolder, say });
      if ('path' in (await find())) return;
      throw new SetUpProblem(
        `nats-server ${oldestNatsServer} or newer is needed: ${wayByHand()} (https://github.com/nats-io/nats-server/releases has them)`,
        { details },
      );
    },
  };
}

/**
 * Tries the ways this machine has, one after another.
 * @param {{ env: NodeJS.ProcessEnv, stateFolder: string, say: (line: string) => void }} options
 * @returns {Promise<string>} the output of what failed; empty when one of them worked, or none applies
 */
async function getNatsServer({ env, stateFolder, say }) {
  if (process.platform === 'darwin') {
    const { ok, output } = await installPackage('nats-server', { env, say });
    return ok ? '' : output;
  }
  if (!findProgram('apt-get', { path: env['PATH'] })) return '';
  const folder = natsServerFolder(stateFolder);
  let output = '';
  for (const mirror of findDebianMirrors()) {
    say(`Fetching nats-server from ${mirror.uri} into ${folder}`);
    const result = await fetchNatsServer(mirror, { folder, env });
    if (result.ok) return '';
    output += result.output;
  }
  return output;
}

/** @returns {string} the command to type */
function wayByHand() {
  return process.platform === 'darwin'
    ? 'brew install nats-server'
    : 'put one on PATH, or type export ORCHESTRA_NATS_SERVER=/path/to/nats-server';
}
