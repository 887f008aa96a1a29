/** Whether a server works, by effect: a user gets in, and JetStream answers. */
import { readFile } from 'node:fs/promises';
import { connect, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node';

/** A port that accepts but does not speak must not stop the question from being asked again. */
const patienceMs = 1_000;

/** True when the daemon's key is accepted and JetStream answers it. */
export async function isReady(url: string, daemonSeedFile: string): Promise<boolean> {
  return await withConnection(url, daemonSeedFile, async (connection) => {
    const reply = await connection.request('$JS.API.INFO', '', { timeout: patienceMs });
    return !reply.string().includes('"error"');
  });
}

/** True when a user's key is accepted. */
export async function isAccepted(url: string, userSeedFile: string): Promise<boolean> {
  return await withConnection(url, userSeedFile, async () => true);
}

async function withConnection(
  url: string,
  userSeedFile: string,
  ask: (connection: NatsConnection) => Promise<boolean>,
): Promise<boolean> {
  const seed = new TextEncoder().encode((await readFile(userSeedFile, 'utf8')).trim());
  let connection: NatsConnection | undefined;
  try {
    connection = await connect({
      servers: url,
      authenticator: nkeyAuthenticator(seed),
      name: 'orchestra readiness',
      reconnect: false,
      timeout: patienceMs,
    });
    return await ask(connection);
  } catch {
    return false; // Refused, not yet listening, no answer in time: not yet, whichever it is.
  } finally {
    await connection?.close();
  }
}
