/**
 * What we remember of a server beyond our own life: its pid. A socket may be deleted under a living server (by cleaners
 * of /tmp), and a server may be stuck; without this another would be started beside it, and every agent twice.
 */
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isNodeError } from '../processes/node-error.ts';
import type { ProcessIdentity } from '../processes/process-entry.ts';
import { isRunning } from '../processes/process-table.ts';

const fileName = 'server';

/** Writes down which process serves the socket. */
export async function rememberServer(folder: string, { pid, startTime }: ProcessIdentity): Promise<void> {
  await writeFile(join(folder, fileName), `${pid} ${startTime}\n`, { mode: 0o600 });
}

/** The server that an earlier daemon used, if it still runs. */
export async function recallServer(folder: string): Promise<ProcessIdentity | undefined> {
  const text = await readFile(join(folder, fileName), 'utf8').catch(ifMissing(''));
  const [, pid, startTime] = /^(\d+) (\d+)\n$/.exec(text) ?? [];
  const server = { pid: Number(pid), startTime: Number(startTime) };
  return pid !== undefined && (await isRunning(server)) ? server : undefined;
}

/** Has a server whose socket has been deleted make it again, as SIGUSR1 tells it to. @returns whether it is there in time */
export async function restoreSocket(
  server: ProcessIdentity,
  socket: string,
  withinMs: number,
): Promise<boolean> {
  if (await exists(socket)) return true;
  process.kill(server.pid, 'SIGUSR1');
  for (const deadline = performance.now() + withinMs; performance.now() < deadline; await delay(5)) {
    if (await exists(socket)) return true;
  }
  return exists(socket);
}

const exists = (path: string) => access(path).then(() => true, ifMissing(false));

function ifMissing<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (isNodeError(error) && error.code === 'ENOENT') return value;
    throw error;
  };
}
