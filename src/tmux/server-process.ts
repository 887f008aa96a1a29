/** The server as a process: reminding it of its children, and ending it for certain. */
import { rm } from 'node:fs/promises';
import { execa } from 'execa';
import { endProcesses, waitUntilGone } from '../processes/end-processes.ts';
import { isNodeError } from '../processes/node-error.ts';
import type { ProcessIdentity } from '../processes/process-entry.ts';
import type { RunCommand } from './panes.ts';

/**
 * Makes the server look for children that have ended (see pane-watch.ts). Another user's server cannot be signalled; a
 * job of its own has the same effect.
 */
export function nudgeServer(server: ProcessIdentity, command: RunCommand): void {
  try {
    process.kill(server.pid, 'SIGCHLD');
  } catch (error) {
    if (!isNodeError(error) || error.code !== 'EPERM') return;
    command('run-shell', '-b', 'true').catch(() => {});
  }
}

export interface ServerAccess {
  readonly binary: string;
  readonly socket: string;
  readonly environment: NodeJS.ProcessEnv;
}

const patienceMs = 2_000;

/**
 * Ends the server and removes its socket. All control clients must be gone: a server that exits waits for its clients,
 * and was seen to wait for ever. What still runs after that is killed.
 */
export async function endServer(
  server: ProcessIdentity,
  { binary, socket, environment }: ServerAccess,
): Promise<void> {
  // Whether this works is seen by the server's end. No pipes: a stuck server would hold their other ends.
  await execa(binary, ['-N', '-S', socket, 'kill-server'], {
    env: environment,
    extendEnv: false,
    stdio: 'ignore',
    timeout: patienceMs,
    killSignal: 'SIGKILL',
    reject: false,
  });
  await endProcesses(await waitUntilGone([server], patienceMs), { graceMs: 0 });
  await rm(socket, { force: true });
}
