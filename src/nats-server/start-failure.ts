/** Why a server ended before it was ready, from its exit and from what it wrote. */
import { open, readFile, stat } from 'node:fs/promises';
import { NatsServerError } from './nats-server-error.ts';
import { portTaken } from './port.ts';
import { lockedExitCode } from './server-command.ts';
import type { ServerExit } from './server-process.ts';
import type { StoreFolder } from './store-folder.ts';
import { storeLocked } from './store-holder.ts';

/** Enough for the last words of a server; the whole log may be long. */
const tailBytes = 16 * 1024;

export interface StartAttempt {
  folder: StoreFolder;
  port: number;
  /** Size of the log before the attempt: what stands there is about earlier servers. */
  logSizeBefore: number;
}

/** The size of the server's log now, 0 when there is none. */
export async function logSize(folder: StoreFolder): Promise<number> {
  return (await stat(folder.logFile).catch(() => undefined))?.size ?? 0;
}

export async function explainStartFailure(exit: ServerExit, attempt: StartAttempt): Promise<NatsServerError> {
  const { folder, port, logSizeBefore } = attempt;
  if (exit.code === lockedExitCode) return await storeLocked(folder);
  const errors = (await readFile(folder.errorFile, 'utf8').catch(() => '')).trim();
  const log = await readTail(folder.logFile, logSizeBefore);
  if (log.includes('address already in use')) return portTaken(port);
  if (errors.includes(folder.configFile)) {
    return new NatsServerError(
      'config-refused',
      `nats-server refuses its configuration: ${errors}. Correct what it names in the orchestra's nats settings.`,
    );
  }
  const fatal = log.split('\n').findLast((line) => line.includes('[FTL]') || line.includes('[ERR]'));
  const lastWords = fatal?.replace(/^.*\[(FTL|ERR)\] /, '') ?? errors;
  return new NatsServerError(
    'start-failed',
    `nats-server ended before it was ready (${exit.signal ?? `exit ${exit.code}`}${lastWords ? `: ${lastWords}` : ''}): see ${folder.logFile}`,
  );
}

async function readTail(file: string, from: number): Promise<string> {
  const handle = await open(file).catch(() => undefined);
  if (!handle) return '';
  try {
    const { size } = await handle.stat();
    // Smaller than before: the server has begun a new file.
    const start = Math.max(size < from ? 0 : from, size - tailBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(tailBytes), 0, tailBytes, start);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
