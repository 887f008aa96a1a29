/** The machine's own package manager: installs a program where that needs no password, else names the command. */
import { findProgram } from './find-program.mjs';
import { runCommand } from './run-command.mjs';

/** In the order in which they are looked for; a Mac has only brew. */
const installCommands = /** @type {const} */ ([
  ['apt-get', 'sudo apt-get install'],
  ['dnf', 'sudo dnf install'],
  ['pacman', 'sudo pacman -S'],
  ['apk', 'sudo apk add'],
  ['zypper', 'sudo zypper install'],
  ['brew', 'brew install'],
]);

/**
 * The command a person types to install a package here.
 * @param {string} name
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined} undefined where none of the known package managers is there
 */
export function installCommand(name, env) {
  const known = installCommands.find(
    ([program]) => findProgram(program, { path: env['PATH'] }) !== undefined,
  );
  return known && `${known[1]} ${name}`;
}

/**
 * Installs a package with apt (as root, or with a sudo that asks for no password) or with brew on a Mac.
 * @param {string} name
 * @param {{ env: NodeJS.ProcessEnv, say: (line: string) => void }} options
 * @returns {Promise<{ ok: boolean, output: string }>} not ok, and no output, where neither may be used
 */
export async function installPackage(name, { env, say }) {
  const commands = await installSteps(name, env);
  if (commands.length > 0) say(`Installing ${name} on this machine: ${commands.at(-1)?.join(' ')}`);
  let output = '';
  for (const [program = '', ...args] of commands) {
    const result = await runCommand(program, args, { env });
    output += result.output;
    if (!result.ok) return { ok: false, output };
  }
  return { ok: commands.length > 0, output };
}

/**
 * @param {string} name
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string[][]>} the commands to run one after another
 */
async function installSteps(name, env) {
  const path = env['PATH'];
  if (process.platform === 'darwin')
    return findProgram('brew', { path }) ? [['brew', 'install', '--quiet', name]] : [];
  if (!findProgram('apt-get', { path })) return [];
  const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (prefix.length > 0 && !(await runCommand('sudo', ['-n', 'true'], { env })).ok) return [];
  const apt = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq'];
  return [
    [...apt, 'update'],
    [...apt, 'install', '--yes', '--no-install-recommends', name],
  ];
}
