/** Connects the bus: from here on the rest of the program sees a `Bus` and no nats.js. */
import type { Bus } from './bus.ts';
import { toBusError } from './bus-error.ts';
import type { Connection } from './connection.ts';
import { type DialOptions, dial } from './dial.ts';
import { type Body, type Envelope, encodeMessage } from './envelope.ts';
import { checkSize, publish } from './publish.ts';
import { request } from './request.ts';
import { serve } from './serve.ts';
import { checkPublishable } from './subject.ts';
import { subscribe } from './subscribe.ts';
import { untilAnswered } from './until-answered.ts';

/** @throws BusError `denied`, `unreachable`, or the reason of `signal` */
export async function connectBus(options: DialOptions): Promise<Bus> {
  return busOver(await dial(options));
}

function busOver(connection: Connection): Bus {
  return {
    connection,
    closed: connection.closed,
    get status() {
      return connection.state;
    },
    onStatus: (listener) => connection.onState(listener),
    onProblem: (listener) => connection.onProblem(listener),
    onUnreadable: (listener) => connection.onUnreadable(listener),
    onSilence: (listener) => connection.onSilence(listener),
    setUrl: (url) => connection.setUrl(url),
    publish: (subject, body, options) => publish(connection, subject, body, options),
    emit: (subject, body, envelope) => emit(connection, subject, body, envelope),
    request: (subject, body, options) => request(connection, subject, body, options),
    serve: (subject, handler, options) => serve(connection, subject, handler, options),
    subscribe: (subject, handler) => subscribe(connection, subject, handler),
    flush: () => untilAnswered(connection, 'flushing', () => connection.nats.flush()),
    close: (deadline = 2_000) => connection.close(deadline),
  };
}

function emit(connection: Connection, subject: string, body: Body, envelope: Envelope = {}): void {
  checkPublishable(subject);
  const { data, headers } = encodeMessage(body, envelope);
  checkSize(connection, subject, { data, headers });
  try {
    connection.nats.publish(subject, data, { headers });
  } catch (error) {
    throw toBusError(error, `saying on ${subject}`);
  }
}
