/** Whether a server works, by effect: a user gets in, and JetStream answers. */
import { readFile } from 'node:fs/promises';
import { AuthorizationError, connect, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node';
import { z } from 'zod';

/** A port that accepts but does not speak must not stop the question from being asked again; a busy machine is slow. */
const patienceMs = 5_000;

/** One that has answered before only stands still for a while, as a busy machine does. */
const provenPatienceMs = 30_000;

/** True when the daemon's key is accepted and JetStream answers it. */
export async function isReady(url: string, daemonSeedFile: string): Promise<boolean> {
  const answers = await withConnection(url, daemonSeedFile, async (connection) => {
    const reply = await connection.request('$JS.API.INFO', '', { timeout: patienceMs });
    return !reply.string().includes('"error"');
  });
  return answers === true;
}

/** Whether a user's key is accepted; undefined while the server does not say. */
export async function isAccepted(url: string, userSeedFile: string): Promise<boolean | undefined> {
  const answer = await withConnection(url, userSeedFile, async () => true, provenPatienceMs);
  return answer === refused ? false : answer;
}

/** The names of all streams that a server has which is ready; undefined when it does not say. */
export async function knownStreams(url: string, daemonSeedFile: string): Promise<string[] | undefined> {
  const timeout = provenPatienceMs;
  const ask = async (connection: NatsConnection) => {
    const names: string[] = [];
    for (;;) {
      const question = JSON.stringify({ offset: names.length });
      const reply = await connection.request('$JS.API.STREAM.NAMES', question, { timeout });
      const { streams, total } = StreamNames.parse(reply.json());
      names.push(...(streams ?? []));
      if (!streams || streams.length === 0 || names.length >= total) return names;
    }
  };
  const names = await withConnection(url, daemonSeedFile, ask, timeout);
  return names === refused ? undefined : names;
}

/** io.nats.jetstream.api.v1.stream_names_response; without `streams` there are none. */
const StreamNames = z.object({ streams: z.array(z.string()).nullish(), total: z.int() });

/** The server says that it does not know the key. */
const refused = Symbol('refused');

async function withConnection<Answer>(
  url: string,
  userSeedFile: string,
  ask: (connection: NatsConnection) => Promise<Answer>,
  timeout = patienceMs,
): Promise<Answer | typeof refused | undefined> {
  const seed = new TextEncoder().encode((await readFile(userSeedFile, 'utf8')).trim());
  let connection: NatsConnection | undefined;
  try {
    connection = await connect({
      servers: url,
      authenticator: nkeyAuthenticator(seed),
      name: 'orchestra readiness',
      reconnect: false,
      timeout,
    });
    return await ask(connection);
  } catch (error) {
    // Not yet listening, no answer in time: not yet, whichever it is.
    return error instanceof AuthorizationError ? refused : undefined;
  } finally {
    await connection?.close();
  }
}
