/** One attempt to start a server on a port: written config, spawned process, proof that it works. */
import { setTimeout as delay } from 'node:timers/promises';
import { type ServerSettings, writeConfigFile } from './config-file.ts';
import { seedFile } from './keys.ts';
import { NatsServerError } from './nats-server-error.ts';
import { isReady } from './readiness.ts';
import { serverCommand } from './server-command.ts';
import { urlOf } from './server-config.ts';
import { type ServerProcess, spawnServer } from './server-process.ts';
import { explainStartFailure, logSize } from './start-failure.ts';
import { stopServer } from './stop.ts';

export interface StartedServer {
  server: ServerProcess;
  /** The public keys it lets in, by user name. */
  keys: ReadonlyMap<string, string>;
}

/**
 * Resolves when the daemon's key is accepted and JetStream answers; leaves no process behind when it throws.
 * @throws NatsServerError, or the reason of `signal`
 */
export async function startServer(
  binary: string,
  settings: ServerSettings,
  agents: readonly string[],
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal | undefined },
): Promise<StartedServer> {
  const { folder, port } = settings;
  const keys = await writeConfigFile(settings, agents);
  const logSizeBefore = await logSize(folder);
  const server = await spawnServer(serverCommand(binary, folder), folder.errorFile);

  const giveUpAt = Date.now() + timeoutMs;
  while (!(await isReady(urlOf(port), seedFile(folder.keysFolder, 'daemon')))) {
    const exit = server.exit();
    if (exit) throw await explainStartFailure(exit, { folder, port, logSizeBefore });
    if (signal?.aborted) {
      await stopServer(server, 0);
      throw signal.reason;
    }
    if (Date.now() > giveUpAt) {
      await stopServer(server, 1_000);
      throw new NatsServerError(
        'start-timeout',
        `nats-server did not answer in ${timeoutMs / 1_000} s: see ${folder.logFile}, or allow it more time.`,
      );
    }
    await Promise.race([delay(20), server.exited]);
  }
  return { server, keys };
}
