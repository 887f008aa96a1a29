/** Which nats-server binary to run: the one order in which set-up and the daemon look for it. */
import { join } from 'node:path';
import { findPrograms, isExecutableFile } from './find-program.mjs';
import { readVersion } from './program-version.mjs';
import { isAtLeast } from './version.mjs';

/** Before 2.10.23 a crash of the server can lose a whole stream (jepsen.io/analyses/nats-2.12.1). */
export const oldestNatsServer = '2.10.23';

/** Where packages put it: Debian's /usr/sbin is not in an ordinary user's PATH. */
export const packageFolders = ['/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin'];

/**
 * @typedef {{ path: string, version: string }} FoundNatsServer
 * @typedef {{ problem: string, code: 'missing' | 'too-old' }} NoNatsServer `problem` is one sentence with the remedy
 */

/**
 * Looks at ORCHESTRA_NATS_SERVER (used or refused, never passed over), then PATH, the folders packages use, and the
 * state folder's `bin`; of those the first that is new enough.
 * @param {object} where
 * @param {NodeJS.ProcessEnv} where.env
 * @param {string} where.stateFolder
 * @param {readonly string[]} [where.alsoIn] the folders packages use
 * @param {import('./program-version.mjs').VersionReader} [where.versionOf]
 * @returns {Promise<FoundNatsServer | NoNatsServer>}
 */
export async function findNatsServer({ env, stateFolder, alsoIn = packageFolders, versionOf = readVersion }) {
  const named = env['ORCHESTRA_NATS_SERVER'];
  if (named) return checkNamed(named, versionOf);

  const tooOld = [];
  for (const path of findPrograms('nats-server', {
    path: env['PATH'] ?? '',
    alsoIn: [...alsoIn, natsServerFolder(stateFolder)],
  })) {
    const version = await versionOf(path, '-v');
    if (version === undefined) continue;
    if (isAtLeast(version, oldestNatsServer)) return { path, version };
    tooOld.push(`${path} is ${version}`);
  }
  const remedy = '`npm start` fetches one, or name one with ORCHESTRA_NATS_SERVER';
  if (tooOld.length === 0)
    return { code: 'missing', problem: `There is no nats-server on this machine: ${remedy}.` };
  return {
    code: 'too-old',
    problem: `No nats-server here is ${oldestNatsServer} or newer (${tooOld.join(', ')}): ${remedy}.`,
  };
}

/**
 * Where set-up puts the nats-server it fetches.
 * @param {string} stateFolder
 * @returns {string}
 */
export function natsServerFolder(stateFolder) {
  return join(stateFolder, 'bin');
}

/**
 * @param {string} path
 * @param {import('./program-version.mjs').VersionReader} versionOf
 * @returns {Promise<FoundNatsServer | NoNatsServer>}
 */
async function checkNamed(path, versionOf) {
  const version = isExecutableFile(path) ? await versionOf(path, '-v') : undefined;
  const named = `${path}, which ORCHESTRA_NATS_SERVER (or nats.server in the configuration) names,`;
  if (version === undefined) {
    return {
      code: 'missing',
      problem: `${named} is not a nats-server that runs here: correct or remove that setting.`,
    };
  }
  if (isAtLeast(version, oldestNatsServer)) return { path, version };
  return {
    code: 'too-old',
    problem: `${named} is ${version}: name one that is ${oldestNatsServer} or newer.`,
  };
}
