/** Listening on subjects of core NATS: what is published while nobody listens, or while disconnected, is gone. */
import type { Msg } from '@nats-io/transport-node';
import { toBusError } from './bus-error.ts';
import type { Connection } from './connection.ts';
import { type ReceivedMessage, receivedMessage } from './received-message.ts';

/**
 * Calls `handler` for every message until the returned function is called; goes on by itself after a reconnect. A refused
 * subscription and a handler's error are reported as problems of the connection.
 */
export function subscribe(
  connection: Connection,
  subject: string,
  handler: (message: ReceivedMessage) => void | Promise<void>,
): () => void {
  return listen(connection, subject, {}, async (message) => {
    try {
      await handler(receivedMessage(message));
    } catch (error) {
      connection.report(toBusError(error, `handling a message on ${message.subject}`));
    }
  });
}

/** The same with nats.js's message, for those who answer. `take` must not reject. */
export function listen(
  connection: Connection,
  subject: string,
  options: { queue?: string },
  take: (message: Msg) => Promise<void>,
): () => void {
  connection.closing.throwIfAborted();
  const subscription = connection.nats.subscribe(subject, {
    ...options,
    /** The only error is a refused subscription, and of that the connection tells. */
    callback: (error, message) => {
      if (!error) void take(message);
    },
  });
  return () => {
    if (!subscription.isClosed()) subscription.unsubscribe();
  };
}
