/** A stream as we want it, and how the server is told and asked about it. */

import type { StreamConfig } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';

/** Sizes in bytes, times in ms. Every stream keeps by limits, in files: facts §6 of the measured reasons. */
export interface StreamDefinition {
  name: string;
  description: string;
  subjects: readonly string[];
  /** Reserved when the stream is made. When it is reached, `discard` decides. */
  maxBytes: number;
  /** Older messages go; 0 keeps them. */
  maxAge: number;
  /** -1 for any number. */
  maxMessagesPerSubject: number;
  /** How long an id is remembered; later the same message is stored again. */
  duplicateWindow: number;
  /** What gives way when it is full: the oldest messages, or the new one. With `new`, also where one subject is full. */
  discard: 'old' | 'new';
  /** The largest message in bytes, headers included; without it the server's own limit holds. */
  maxMessageBytes?: number;
  /** A key-value bucket: values may be purged with a marker, and are never deleted one by one. */
  bucket?: boolean;
  /** Compressed on disk; `maxBytes` counts what it is before. Every server that we start knows S2. Default false. */
  compressed?: boolean;
}

/** The fields of the server's configuration that a definition fixes. */
export function streamConfig(definition: StreamDefinition) {
  const { name, description, subjects, maxBytes, maxAge, maxMessagesPerSubject, duplicateWindow, discard } =
    definition;
  return {
    name,
    description,
    subjects: [...subjects],
    retention: 'limits',
    storage: 'file',
    discard,
    max_bytes: maxBytes,
    max_age: nanos(maxAge),
    max_msgs_per_subject: maxMessagesPerSubject,
    max_msg_size: definition.maxMessageBytes ?? -1,
    // A bucket keeps the latest revisions of a key.
    discard_new_per_subject: discard === 'new' && maxMessagesPerSubject > 0 && !definition.bucket,
    duplicate_window: nanos(duplicateWindow),
    allow_direct: true,
    allow_rollup_hdrs: definition.bucket ?? false,
    deny_delete: definition.bucket ?? false,
    compression: definition.compressed ? 's2' : 'none',
  } as const satisfies Partial<StreamConfig>;
}

export interface StreamMismatch {
  field: string;
  wanted: unknown;
  found: unknown;
}

/** The first field in which a stream is not as defined: servers drop what they do not know without a word. */
export function findMismatch(
  definition: StreamDefinition,
  found: Partial<StreamConfig>,
): StreamMismatch | undefined {
  for (const [field, wanted] of Object.entries(streamConfig(definition))) {
    const actual = found[field as keyof StreamConfig] ?? absent(wanted);
    if (!isSame(wanted, actual)) return { field, wanted, found: actual };
  }
  return undefined;
}

/** The server leaves out what is off. */
const absent = (wanted: unknown): unknown => (typeof wanted === 'boolean' ? false : undefined);

function isSame(wanted: unknown, found: unknown): boolean {
  if (!Array.isArray(wanted) || !Array.isArray(found)) return wanted === found;
  return wanted.length === found.length && wanted.every((entry) => found.includes(entry));
}
