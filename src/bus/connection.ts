/** One connection to nats-server that comes back for ever; tells its state and when what was under way is lost. */
import { setMaxListeners } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { type JetStreamClient, type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection, Status } from '@nats-io/transport-node';
import { orAborted, timeLimit } from './abort.ts';
import { BusError, toBusError } from './bus-error.ts';
import type { UnreadableRecord } from './unreadable-record.ts';

export type ConnectionState = 'connected' | 'reconnecting' | 'closed';

/** How long one request to the server may take before it counts as lost, in ms. */
export const answerTimeout = 500;

export class Connection {
  readonly nats: NatsConnection;
  readonly jetstream: JetStreamClient;
  readonly manager: JetStreamManager;
  /** Resolves when the connection is closed for good, with what closed it if it was not `close`. */
  readonly closed: Promise<BusError | undefined>;
  readonly #closing = new AbortController();
  readonly #stateListeners = new Set<(state: ConnectionState) => void>();
  readonly #problemListeners = new Set<(problem: BusError) => void>();
  readonly #unreadableListeners = new Set<(record: UnreadableRecord) => void>();
  readonly #silenceListeners = new Set<(silence: BusError) => void>();
  #state: ConnectionState = 'connected';
  #lost = longLived();
  #restored: PromiseWithResolver | undefined;
  #maxPayload: number;
  #closed: Promise<void> | undefined;

  private constructor(nats: NatsConnection, manager: JetStreamManager) {
    this.nats = nats;
    this.manager = manager;
    this.jetstream = manager.jetstream();
    this.#maxPayload = nats.info?.max_payload ?? Number.POSITIVE_INFINITY;
    setMaxListeners(0, this.#closing.signal);
    this.closed = nats.closed().then((error) => this.#ended(error ?? undefined));
    void this.#follow();
  }

  static async over(nats: NatsConnection): Promise<Connection> {
    return new Connection(nats, await jetstreamManager(nats, { checkAPI: false, timeout: answerTimeout }));
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Aborts when the connection of this moment is lost: what was asked over it may or may not have happened. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Aborts when the bus is closed, with a BusError `closed`. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** The largest message in bytes, headers included, that the server last connected to takes. */
  get maxPayload(): number {
    return this.nats.info?.max_payload ?? this.#maxPayload;
  }

  /** Resolves when there is a connection. @throws BusError `closed`, or the reason of a signal. */
  async whenConnected(...signals: (AbortSignal | undefined)[]): Promise<void> {
    for (const signal of [this.closing, ...signals]) signal?.throwIfAborted();
    if (this.#state === 'connected') return;
    this.#restored ??= promiseWithResolver();
    await orAborted(this.#restored.promise, this.closing, ...signals);
  }

  onState(listener: (state: ConnectionState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  /** Hears of what no caller can be told: a refused subscription, a watch that had to begin again. */
  onProblem(listener: (problem: BusError) => void): () => void {
    this.#problemListeners.add(listener);
    return () => this.#problemListeners.delete(listener);
  }

  /** Hears of every record of any bucket that cannot be read. */
  onUnreadable(listener: (record: UnreadableRecord) => void): () => void {
    this.#unreadableListeners.add(listener);
    return () => this.#unreadableListeners.delete(listener);
  }

  foundUnreadable(record: UnreadableRecord): void {
    for (const listener of this.#unreadableListeners) listener(record);
  }

  /** Hears of every write that the server has left without an answer for long, while the connection was there. */
  onSilence(listener: (silence: BusError) => void): () => void {
    this.#silenceListeners.add(listener);
    return () => this.#silenceListeners.delete(listener);
  }

  foundSilent(silence: BusError): void {
    for (const listener of this.#silenceListeners) listener(silence);
  }

  report(problem: BusError): void {
    for (const listener of this.#problemListeners) listener(problem);
  }

  /** Moves to another address: at once when connected elsewhere, else with the next try. */
  async setUrl(url: string): Promise<void> {
    this.nats.setServers([url]);
    if (this.#state === 'connected' && !url.endsWith(`//${this.nats.getServer()}`))
      await this.nats.reconnect();
  }

  /** Sends what is waiting and closes; after `deadline` ms without regard to what is still on its way. */
  close(deadline: number): Promise<void> {
    this.#closed ??= this.#close(deadline);
    return this.#closed;
  }

  async #close(deadline: number): Promise<void> {
    if (this.#state === 'connected') {
      const limit = timeLimit(deadline, () => new BusError('deadline', 'closing took too long'));
      await orAborted(this.nats.flush(), limit.signal, this.lost).catch(() => undefined);
      limit.clear();
    }
    this.#closing.abort(new BusError('closed', 'the bus was closed'));
    /** nats.js takes its listeners off the socket; the error of a write to a dying one has to arrive before, or is uncaught. */
    await turn();
    await this.nats.close();
    await this.closed;
  }

  async #follow(): Promise<void> {
    for await (const status of this.nats.status()) this.#heard(status);
  }

  #heard(status: Status): void {
    if (status.type === 'disconnect') {
      this.#lost.abort(new BusError('timeout', 'the connection to nats-server was lost'));
      this.#become('reconnecting');
    } else if (status.type === 'reconnect') {
      this.#maxPayload = this.nats.info?.max_payload ?? this.#maxPayload;
      this.#lost = longLived();
      this.#become('connected');
      this.#restored?.resolve();
      this.#restored = undefined;
    } else if (status.type === 'error') {
      this.report(toBusError(status.error, 'nats-server'));
    }
  }

  #ended(error: Error | undefined): BusError | undefined {
    const reason = error ? toBusError(error, 'nats-server') : undefined;
    this.#closing.abort(reason ?? new BusError('closed', 'the bus was closed'));
    this.#lost.abort(this.#closing.signal.reason);
    this.#become('closed');
    this.#stateListeners.clear();
    return reason;
  }

  #become(state: ConnectionState): void {
    if (this.#state === state || this.#state === 'closed') return;
    this.#state = state;
    for (const listener of this.#stateListeners) listener(state);
  }
}

/** Every publish and request listens to it for a while: more than ten at a time are no leak. */
function longLived(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

interface PromiseWithResolver {
  promise: Promise<void>;
  resolve: () => void;
}

function promiseWithResolver(): PromiseWithResolver {
  let resolve = () => {};
  const promise = new Promise<void>((resolved) => {
    resolve = resolved;
  });
  return { promise, resolve };
}
