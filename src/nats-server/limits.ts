/** How much memory, disk and patience a nats-server gets. */

/** Sizes in bytes, times in milliseconds. */
export interface NatsServerLimits {
  /** All file streams and buckets together. When it is full every write fails: give each stream its own `max_bytes`. */
  storeBytes: number;
  /** All memory streams together. */
  memoryBytes: number;
  /** One message. */
  payloadBytes: number;
  /** What may wait for one slow client before it is cut off. */
  pendingBytes: number;
  writeDeadlineMs: number;
  /** For a client to show its key: one that stands still for longer on a busy machine is refused as if its key were wrong. */
  authorizationMs: number;
  connections: number;
  /**
   * How often stored messages are forced to the disk. A crash of the server or the daemon loses nothing either way; a
   * power cut loses what is younger. `always` is safe there too, at a third of the speed.
   */
  syncIntervalMs: number | 'always';
  /** One log file, before the next is begun. */
  logBytes: number;
  logFiles: number;
}

export const defaultLimits: NatsServerLimits = {
  storeBytes: 4 * 1024 ** 3,
  memoryBytes: 128 * 1024 ** 2,
  payloadBytes: 1024 ** 2,
  pendingBytes: 16 * 1024 ** 2,
  writeDeadlineMs: 5_000,
  authorizationMs: 30_000,
  connections: 512,
  syncIntervalMs: 2_000,
  logBytes: 10 * 1024 ** 2,
  logFiles: 5,
};
