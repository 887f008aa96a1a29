/** Who works on a store at this moment: asked before a start, so that nothing of a running server is overwritten. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { NatsServerError } from './nats-server-error.ts';
import { lockedExitCode, probeCommand } from './server-command.ts';
import type { StoreFolder } from './store-folder.ts';

/** @throws NatsServerError `store-locked`, with the pid and the command of the holder as far as they can be told */
export async function refuseHeldStore(folder: StoreFolder): Promise<void> {
  const isHeld =
    process.platform === 'linux' ? await isLocked(folder) : (await recordedServer(folder)) !== undefined;
  if (isHeld) throw await storeLocked(folder);
}

export async function storeLocked(folder: StoreFolder): Promise<NatsServerError> {
  const server = await recordedServer(folder);
  return new NatsServerError(
    'store-locked',
    server
      ? `The store ${folder.root} is in use by process ${server.pid} (${server.command}): if no other orchestra runs here, end it with kill ${server.pid}`
      : `The store ${folder.root} is in use by another process: lslocks shows which holds ${folder.lockFile}; end it if no other orchestra runs here.`,
  );
}

async function isLocked(folder: StoreFolder): Promise<boolean> {
  const { file, args } = probeCommand(folder);
  const { exitCode } = await run(file, args);
  return exitCode === lockedExitCode;
}

/** The living process that the pid file names, if its command line shows that it serves this folder. */
async function recordedServer(folder: StoreFolder): Promise<{ pid: number; command: string } | undefined> {
  const text = await readFile(folder.pidFile, 'utf8').catch(() => '');
  const pid = Number(text.trim());
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  const { stdout } = await run('ps', ['-ww', '-o', 'args=', '-p', String(pid)]);
  const command = stdout.trim();
  return command.includes(folder.configFile) ? { pid, command } : undefined;
}

function run(file: string, args: string[]): Promise<{ exitCode: number | undefined; stdout: string }> {
  return new Promise((resolve) => {
    const child = execFile(file, args, (_error, stdout) =>
      resolve({ exitCode: child.exitCode ?? undefined, stdout }),
    );
  });
}
