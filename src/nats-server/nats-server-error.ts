/** What can go wrong with a nats-server of ours; every message ends with the remedy. */

export type NatsServerErrorCode =
  /** The binary is not there or does not run. */
  | 'missing'
  /** The binary is older than what the store's safety needs. */
  | 'too-old'
  /** Linux without flock or setpriv (both are in util-linux). */
  | 'tools-missing'
  /** An agent's name that cannot be a part of a subject, or that is one of ours. */
  | 'bad-user-name'
  /** A key or port file of ours that cannot be read as one. */
  | 'bad-file'
  /** The folder, or a file in it, cannot be read or written. */
  | 'folder-unusable'
  /** Someone else listens on the port that the configuration fixes. */
  | 'port-taken'
  /** Another nats-server works on the same store. */
  | 'store-locked'
  /** nats-server refuses the file we wrote. */
  | 'config-refused'
  /** It ended before it was ready, for a reason of its own. */
  | 'start-failed'
  /** It runs, but does not answer. */
  | 'start-timeout'
  /** It runs on with its old configuration. */
  | 'reload-timeout'
  /** It ended by itself while it was needed. */
  | 'exited'
  /** It has ended; what was asked needs a running server. */
  | 'not-running';

export class NatsServerError extends Error {
  override readonly name = 'NatsServerError';
  readonly code: NatsServerErrorCode;

  constructor(code: NatsServerErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
