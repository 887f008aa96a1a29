/** The child process itself: how it is spawned, and how its end is known. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import type { Command } from './server-command.ts';

export interface ServerExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ServerProcess {
  pid: number;
  /** Resolves when the process has ended; never rejects. */
  exited: Promise<ServerExit>;
  /** Undefined while it runs. */
  exit: () => ServerExit | undefined;
  /** Sends a signal, unless the process has ended and its pid may be someone else's. */
  kill: (signal: NodeJS.Signals) => void;
}

/**
 * Spawns the command with its output in a file: a pipe would break when the daemon dies, and kill the server in the
 * middle of its work. In a session of its own, so that a Ctrl-C meant for the daemon does not end it too early.
 * @throws the system's error when the program cannot be started
 */
export async function spawnServer({ file, args }: Command, errorFile: string): Promise<ServerProcess> {
  const output = await open(errorFile, 'w', 0o600);
  try {
    const child = spawn(file, args, { detached: true, stdio: ['ignore', output.fd, output.fd] });
    const exited = new Promise<ServerExit>((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    const { pid } = child;
    if (pid === undefined) throw (await once(child, 'error'))[0];
    let exit: ServerExit | undefined;
    void exited.then((result) => {
      exit = result;
    });
    return { pid, exited, exit: () => exit, kill: (signal) => void child.kill(signal) };
  } finally {
    await output.close();
  }
}
