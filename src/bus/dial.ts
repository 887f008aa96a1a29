/** Makes the first connection; from then on nats.js comes back by itself, for ever. */
import {
  AuthorizationError,
  connect,
  type NatsConnection,
  nkeyAuthenticator,
  nkeys,
} from '@nats-io/transport-node';
import { pause } from './abort.ts';
import { BusError, toBusError } from './bus-error.ts';
import { Connection } from './connection.ts';
import { reconnectDelay } from './reconnect-delay.ts';

export interface DialOptions {
  url: string;
  /** The secret text of an nkey; without one the server has to let anybody in. */
  seed?: string | undefined;
  /** Shown in the server's list of connections. */
  name: string;
  /** Where answers arrive; agents may only listen below `_INBOX.<name>`. */
  inboxPrefix?: string | undefined;
  /** Keep trying while no server answers; without it the first refusal is an error. Default false. */
  waitOnFirstConnect?: boolean;
  /** Ends the waiting for the first connection. */
  signal?: AbortSignal | undefined;
}

/** With 50 ms a restarted server is used again after 0.2–0.9 s; with nats.js's default 2 s after 2.2 s (measured). */
const retry = { reconnectTimeWait: 50, reconnectJitter: 50 };

/** How long a server that is there may take to greet, in ms: on a busy machine either side may stand still for seconds. */
const greetingTimeout = 10_000;

/** @throws BusError `denied` for a refused key, `unreachable` when no server answers, the reason of `signal`. */
export async function dial(options: DialOptions): Promise<Connection> {
  const { url, seed, signal, waitOnFirstConnect = false } = options;
  const authentication = seed === undefined ? {} : { authenticator: authenticatorFrom(seed) };
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await Connection.over(await connectOnce(options, authentication));
    } catch (error) {
      if (error instanceof AuthorizationError)
        throw new BusError('denied', `${url} refuses this key`, { cause: error });
      if (!waitOnFirstConnect) {
        const { message } = toBusError(error, `no nats-server answers at ${url}`);
        throw new BusError('unreachable', message, { cause: error });
      }
    }
    await pause(retry.reconnectTimeWait + Math.random() * retry.reconnectJitter, signal);
  }
}

type Authentication = { authenticator?: ReturnType<typeof nkeyAuthenticator> };

function connectOnce(
  { url, name, inboxPrefix }: DialOptions,
  authentication: Authentication,
): Promise<NatsConnection> {
  return connect({
    servers: url,
    name,
    ...(inboxPrefix === undefined ? {} : { inboxPrefix }),
    ...authentication,
    reconnectDelayHandler: reconnectDelay(retry),
    timeout: greetingTimeout,
    maxReconnectAttempts: -1,
    pingInterval: 5_000,
    maxPingOut: 2,
    /** A key may be refused for a moment while the server's configuration is replaced. */
    ignoreAuthErrorAbort: true,
    noAsyncTraces: true,
  });
}

function authenticatorFrom(seed: string) {
  const bytes = new TextEncoder().encode(seed.trim());
  try {
    nkeys.fromSeed(bytes);
  } catch (cause) {
    throw new BusError('denied', 'the seed is no nkey seed', { cause });
  }
  return nkeyAuthenticator(bytes);
}
