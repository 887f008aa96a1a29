/** The one error of the bus: what went wrong as a code, whatever nats.js calls it. */
import { JetStreamApiError } from '@nats-io/jetstream';
import {
  AuthorizationError,
  ClosedConnectionError,
  NoRespondersError,
  PermissionViolationError,
  RequestError,
  TimeoutError,
  UserAuthenticationExpiredError,
} from '@nats-io/transport-node';

/**
 * - `unreachable`: no nats-server answers at that address
 * - `denied`: the key is refused, or may not use that subject
 * - `closed`: the bus was closed before it was done; `aborted`: the caller's signal ended it; `deadline`: its time was over
 * - `too-large`: larger than the server takes; `no-space`: the stream or the store is full
 * - `no-stream`: nobody stores that subject; `stream-mismatch`: a stream is not as it should be
 * - `no-responder`: nobody serves that subject; `timeout`: no answer in time; `refused`: answered with an error
 * - `bad-subject`, `bad-key`: a name with characters that NATS gives a meaning
 * - `newer-record`: a stored record of a version that only a newer program knows
 * - `outcome-unknown`: a compare-and-set whose acknowledgement was lost and whose trace is overwritten
 */
export type BusErrorCode =
  | 'unreachable'
  | 'denied'
  | 'closed'
  | 'aborted'
  | 'deadline'
  | 'too-large'
  | 'no-space'
  | 'no-stream'
  | 'stream-mismatch'
  | 'no-responder'
  | 'timeout'
  | 'refused'
  | 'bad-subject'
  | 'bad-key'
  | 'newer-record'
  | 'outcome-unknown';

export class BusError extends Error {
  override readonly name = 'BusError';
  readonly code: BusErrorCode;
  /** With `refused`: the code that the answering side gave. */
  readonly remoteCode: string | undefined;

  constructor(code: BusErrorCode, message: string, options: { cause?: unknown; remoteCode?: string } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.remoteCode = options.remoteCode;
  }
}

/** JetStream's error numbers for a full store: nats-server `errors.json`. */
const fullStore = new Set([10023, 10028, 10047, 10077]);
const temporarilyUnavailable = 10008;

/** Translates what nats.js throws; `what` begins the message, for example "publishing to orchestra.x". */
export function toBusError(error: unknown, what: string): BusError {
  if (error instanceof BusError) return error;
  const cause = rootOf(error);
  const message = `${what}: ${cause instanceof Error ? cause.message : String(cause)}`;
  return new BusError(codeOf(cause), message, { cause: error });
}

/** Whether another try may succeed: the connection broke, or the server did not answer in time. */
export function isTransient(error: unknown): boolean {
  if (error instanceof BusError) return error.code === 'timeout';
  const cause = rootOf(error);
  if (apiErrorNumber(cause) === temporarilyUnavailable) return true;
  return (
    cause instanceof TimeoutError || (cause instanceof RequestError && !(cause instanceof NoRespondersError))
  );
}

/** Whether nobody listened on the subject of a request. */
export function isUnanswered(error: unknown): boolean {
  return rootOf(error) instanceof NoRespondersError;
}

/** The number JetStream gave its refusal, or undefined. */
export function apiErrorNumber(error: unknown): number | undefined {
  return error instanceof JetStreamApiError ? error.code : undefined;
}

/** nats.js wraps the error of a request in others; the innermost says what happened. */
function rootOf(error: unknown): unknown {
  let root = error;
  while (root instanceof Error && root.cause instanceof Error) root = root.cause;
  return root;
}

function codeOf(cause: unknown): BusErrorCode {
  if (cause instanceof PermissionViolationError) return 'denied';
  if (cause instanceof AuthorizationError || cause instanceof UserAuthenticationExpiredError) return 'denied';
  if (cause instanceof ClosedConnectionError) return 'closed';
  if (cause instanceof NoRespondersError) return 'no-responder';
  if (cause instanceof TimeoutError) return 'timeout';
  const number = apiErrorNumber(cause);
  if (number !== undefined && fullStore.has(number)) return 'no-space';
  if (number === streamNotFound) return 'no-stream';
  if (number === messageTooLarge) return 'too-large';
  return 'refused';
}

/** JetStream's error numbers that this folder reacts to. */
export const streamNotFound = 10059;
export const consumerExists = 10148;
const messageTooLarge = 10054;
export const wrongLastSequence = new Set([10071, 10164]);
