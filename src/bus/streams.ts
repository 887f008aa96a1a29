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
export async function ensureStreams(bus: Bus, definitions: readonly StreamDefinition[]): Promise<void> {
  for (const definition of definitions) await ensureStream(bus.connection, definition);
}

/** Resolves with when the stream was made, which tells one from a later one of the same name. */
export async function ensureStream(connection: Connection, definition: StreamDefinition): Promise<string> {
  const { name } = definition;
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
  return info.created;
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
