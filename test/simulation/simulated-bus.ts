/** The daemon's connection to the simulated broker. */
import type { Bus } from '../../src/bus/bus.ts';
import type { Connection } from '../../src/bus/connection.ts';
import type { Outbox } from '../../src/bus/outbox.ts';
import type { DaemonLife } from './daemon-life.ts';
import type { SimulatedBroker } from './simulated-broker.ts';

export function simulatedBus(broker: SimulatedBroker, life: DaemonLife): Bus {
  return {
    get status() {
      return broker.isUp ? 'connected' : 'reconnecting';
    },
    closed: new Promise(() => undefined),
    onStatus: () => () => undefined,
    onProblem: () => () => undefined,
    onUnreadable: () => () => undefined,
    onSilence: () => () => undefined,
    setUrl: () => Promise.resolve(),
    publish: (subject) =>
      broker.answer(life, () => {
        broker.storeFact();
        return { stream: subject, sequence: 1, duplicate: false };
      }),
    emit: () => undefined,
    request: (subject, body, { timeout = 5_000 } = {}) =>
      broker.askFromDaemon(life, subject, typeof body === 'object' ? body : {}, timeout),
    serve: (subject, handler) => broker.serve(life, subject, handler),
    subscribe: () => () => undefined,
    flush: () => broker.answer(life, () => undefined),
    close: () => Promise.resolve(),
    get connection(): Connection {
      throw new Error('the simulated bus has no connection to NATS: give what asks for it a simulated part');
    },
  };
}

/** Facts are heard where they are told; here they only have to find their way out. */
export function simulatedOutbox(broker: SimulatedBroker): Outbox {
  return {
    enqueue() {
      broker.storeFact();
      return true;
    },
    flush: () => Promise.resolve(0),
    close: () => undefined,
    waiting: 0,
    refused: 0,
  };
}
