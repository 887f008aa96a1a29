/** Makes streams be as defined: created, brought up to date, and read back, because servers drop unknown settings silently. */
import type { StreamInfo } from '@nats-io/jetstream';
import type { Bus } from './bus.ts';
import { apiErrorNumber, BusError, streamNotFound, toBusError } from './bus-error.ts';
import type { Connection } from './connection.ts';
import { findMismatch, type StreamDefinition, streamConfig } from './stream-definition.ts';
import { untilAnswered } from './until-answered.ts';

/**
 * Can be repeated at any time; what is stored stays.
 * @throws BusError `stream-mismatch` (names the field), `no-space` (the store has no room for `maxBytes`), `denied`, `refused`
 */
export async function ensureStreams(
  bus: Bus,
  definitions: readonly StreamDefinition[],
  onShrunk: (shrunk: Shrunk) => void = () => {},
): Promise<void> {
  for (const definition of definitions) await ensureStream(bus.connection, definition, onShrunk);
}

/**
 * Makes sure of all streams and buckets that were made sure of before over this connection: one that nats-server could
 * not read at its start is gone until somebody makes it again. @throws BusError
 */
export async function ensureStreamsAgain({ connection }: Bus): Promise<void> {
  for (const definition of definitionsOf(connection).values()) await ensureStream(connection, definition);
}

const definitions = new WeakMap<Connection, Map<string, StreamDefinition>>();

function definitionsOf(connection: Connection): Map<string, StreamDefinition> {
  const known = definitions.get(connection) ?? new Map<string, StreamDefinition>();
  definitions.set(connection, known);
  return known;
}

/** What a stream had to give up to be as defined: its oldest messages. */
export interface Shrunk {
  stream: string;
  messages: number;
  bytes: number;
}

/** Resolves with when the stream was made, which tells one from a later one of the same name. */
export async function ensureStream(
  connection: Connection,
  definition: StreamDefinition,
  onShrunk: (shrunk: Shrunk) => void = () => {},
): Promise<string> {
  const { name } = definition;
  definitionsOf(connection).set(name, definition);
  const { streams } = connection.manager;
  const ask = <Answer>(what: string, question: () => Promise<Answer>) =>
    untilAnswered(connection, `${what} the stream ${name}`, question);

  const existing = await ask('looking for', () => streams.info(name).catch(undefinedIfMissing));
  if (!existing) {
    await ask('creating', () => streams.add(streamConfig(definition)));
  } else if (findMismatch(definition, existing.config)) {
    const { name: _name, retention: _retention, storage: _storage, ...changeable } = streamConfig(definition);
    await ask('changing', () => streams.update(name, changeable)).catch((error: unknown) => {
      throw asMismatch(definition, existing, error);
    });
  }
  const info = await ask('reading back', () => streams.info(name));
  const mismatch = findMismatch(definition, info.config);
  if (mismatch) throw mismatchError(definition, mismatch);
  const shrunk = existing && shrinkage(existing, info);
  if (shrunk) onShrunk(shrunk);
  return info.created;
}

/** Undefined when a change of the limits has cost nothing. */
function shrinkage(before: StreamInfo, after: StreamInfo): Shrunk | undefined {
  const isSmaller =
    after.config.max_bytes < before.config.max_bytes || after.config.max_age < before.config.max_age;
  const messages = before.state.messages - after.state.messages;
  if (!isSmaller || messages <= 0) return undefined;
  return { stream: after.config.name, messages, bytes: Math.max(0, before.state.bytes - after.state.bytes) };
}

function undefinedIfMissing(error: unknown): undefined {
  if (apiErrorNumber(error) !== streamNotFound) throw error;
}

/** The server refuses to change some fields of a stream that exists. */
function asMismatch(definition: StreamDefinition, existing: StreamInfo, error: unknown): BusError {
  const refusal = toBusError(error, `changing the stream ${definition.name}`);
  const mismatch = findMismatch(definition, existing.config);
  return refusal.code === 'refused' && mismatch ? mismatchError(definition, mismatch, refusal) : refusal;
}

function mismatchError(
  { name }: StreamDefinition,
  { field, wanted, found }: { field: string; wanted: unknown; found: unknown },
  cause?: unknown,
): BusError {
  const values = `${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`;
  return new BusError('stream-mismatch', `the stream ${name} has ${field} ${values}`, { cause });
}
