/** The orchestra's bus: one connection to NATS with the few things the rest of the program does over it. */
import type { BusError } from './bus-error.ts';
import type { Connection, ConnectionState } from './connection.ts';
import type { Body, Envelope } from './envelope.ts';
import type { PublishOptions, PublishReceipt } from './publish.ts';
import type { ReceivedMessage } from './received-message.ts';
import type { RequestOptions } from './request.ts';
import type { RequestHandler, ServeOptions } from './serve.ts';
import type { UnreadableRecord } from './unreadable-record.ts';

export type { PublishReceipt } from './publish.ts';

export interface Bus {
  readonly status: ConnectionState;
  /** Resolves when the connection is closed for good; with an error when not `close` was the reason. */
  readonly closed: Promise<BusError | undefined>;
  /** Calls `listener` at every change until the returned function is called. */
  onStatus(listener: (status: ConnectionState) => void): () => void;
  /** Hears of what no caller can be told: a refused subscription, a watch that had to begin again. */
  onProblem(listener: (problem: BusError) => void): () => void;
  /** Hears of every stored record that cannot be read. */
  onUnreadable(listener: (record: UnreadableRecord) => void): () => void;
  /**
   * Hears, again and again, of writes that the server does not answer although the connection stands: what nats-server
   * does with a stream after a failed write to its files, until it is restarted (measured on 2.15.1).
   */
  onSilence(listener: (silence: BusError) => void): () => void;
  /** Moves to another address; everything under way goes on there. */
  setUrl(url: string): Promise<void>;

  /**
   * Resolves when a stream has stored the message: tried again under one id for as long as it takes, or until `deadline`.
   * @throws BusError `too-large`, `no-stream`, `no-space`, `denied`, `deadline`, `aborted`, `closed`, `bad-subject`
   */
  publish(subject: string, body: Body, options?: PublishOptions): Promise<PublishReceipt>;
  /** Says it to whoever listens now; lost when nobody does or while disconnected. @throws BusError */
  emit(subject: string, body: Body, envelope?: Envelope): void;
  /** @throws BusError `no-responder`, `timeout`, `refused` with the other side's code, `denied`, `aborted`, `closed` */
  request(subject: string, body: Body, options?: RequestOptions): Promise<unknown>;
  /** Answers requests until the returned function is called. */
  serve(subject: string, handler: RequestHandler, options?: ServeOptions): () => void;
  /** Hears what is said on a subject until the returned function is called. */
  subscribe(subject: string, handler: (message: ReceivedMessage) => void | Promise<void>): () => void;
  /** Resolves when the server has taken everything sent so far, subscriptions included. */
  flush(): Promise<void>;

  /** Sends what is waiting and closes, within `deadline` ms (default 2 000). */
  close(deadline?: number): Promise<void>;
  /** For the other files of this folder. */
  readonly connection: Connection;
}
