/** The command line that makes nats-server die with the daemon and keeps a second one off the same store. */
import { findProgram } from '../setup/find-program.mjs';
import { NatsServerError } from './nats-server-error.ts';
import type { StoreFolder } from './store-folder.ts';

export interface Command {
  file: string;
  args: string[];
}

/** What flock exits with when another process holds the lock; nats-server itself never does. */
export const lockedExitCode = 75;

/**
 * nats-server does not lock its store: two on one would both start and lose messages. flock does, and with `--no-fork`
 * it becomes the next program, so the child's pid is the server's and the lock ends with that process, however it ends.
 * setpriv asks the kernel for SIGTERM to the server when the thread that spawned it dies: spawn from the main thread.
 * macOS has neither tool; there `storeHolder` alone guards the store.
 * @throws NatsServerError `tools-missing`
 */
export function serverCommand(binary: string, folder: StoreFolder, platform = process.platform): Command {
  if (platform !== 'linux') return { file: binary, args: ['-c', folder.configFile] };
  const server = [requireTool('setpriv'), '--pdeathsig', 'TERM', '--', binary, '-c', folder.configFile];
  return { file: requireTool('flock'), args: [...lockOptions, folder.lockFile, ...server] };
}

/** Ends with `lockedExitCode` while another process holds the store, else with 0. */
export function probeCommand(folder: StoreFolder): Command {
  return { file: requireTool('flock'), args: [...lockOptions, folder.lockFile, 'true'] };
}

const lockOptions = ['--nonblock', '--no-fork', '--conflict-exit-code', String(lockedExitCode)];

function requireTool(name: string): string {
  const path = findProgram(name, { alsoIn: ['/usr/bin', '/bin'] });
  if (path) return path;
  throw new NatsServerError('tools-missing', `${name} is missing: install the package util-linux.`);
}
