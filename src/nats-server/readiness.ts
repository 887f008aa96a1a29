/** Whether a server works, by effect: a user gets in, and JetStream answers. */
import { readFile } from 'node:fs/promises';
import { connect, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node';
import { z } from 'zod';

/** A port that accepts but does not speak must not stop the question from being asked again. */
const patienceMs = 1_000;

/** True when the daemon's key is accepted and JetStream answers it. */
export async function isReady(url: string, daemonSeedFile: string): Promise<boolean> {
  const answers = await withConnection(url, daemonSeedFile, async (connection) => {
    const reply = await connection.request('$JS.API.INFO', '', { timeout: patienceMs });
    return !reply.string().includes('"error"');
  });
  return answers ?? false;
}

/** True when a user's key is accepted. */
export async function isAccepted(url: string, userSeedFile: string): Promise<boolean> {
  return (await withConnection(url, userSeedFile, async () => true)) ?? false;
}

/** The names of all streams that the server has; undefined when it does not say. */
export async function knownStreams(url: string, daemonSeedFile: string): Promise<string[] | undefined> {
  return await withConnection(url, daemonSeedFile, async (connection) => {
    const names: string[] = [];
    for (;;) {
      const question = JSON.stringify({ offset: names.length });
      const reply = await connection.request('$JS.API.STREAM.NAMES', question, { timeout: patienceMs });
      const { streams, total } = StreamNames.parse(reply.json());
      names.push(...(streams ?? []));
      if (!streams || streams.length === 0 || names.length >= total) return names;
    }
  });
}

/** io.nats.jetstream.api.v1.stream_names_response; without `streams` there are none. */
const StreamNames = z.object({ streams: z.array(z.string()).nullish(), total: z.int() });

async function withConnection<Answer>(
  url: string,
  userSeedFile: string,
  ask: (connection: NatsConnection) => Promise<Answer>,
): Promise<Answer | undefined> {
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
    return undefined; // Refused, not yet listening, no answer in time: not yet, whichever it is.
  } finally {
    await connection?.close();
  }
}
