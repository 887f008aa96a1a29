/** Ends a server: politely, then by force. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ServerProcess } from './server-process.ts';

/**
 * SIGTERM, and SIGKILL when the server is still there after `timeoutMs`; resolves when the process has ended. A second
 * call waits for the same end.
 */
export async function stopServer(server: ServerProcess, timeoutMs: number): Promise<void> {
  if (server.exit()) return;
  server.kill('SIGTERM');
  const impatience = new AbortController();
  const timeout = delay(timeoutMs, 'timeout' as const, { signal: impatience.signal }).catch(
    () => 'ended' as const,
  );
  const first = await Promise.race([server.exited, timeout]);
  impatience.abort();
  if (first === 'timeout') server.kill('SIGKILL');
  await server.exited;
}
