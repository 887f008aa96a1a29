/** The daemon's log: pino, one JSON line a fact, never pane text or secrets. */
import { destination, type Logger, pino } from 'pino';
import { rotate } from './rotate.ts';

export type Log = Logger;

export interface LogOptions {
  level: string;
  file: string;
  /** Hears, when lines can be written again, how many had to be thrown away meanwhile, and why. */
  onLost?: (lines: number, reason: string) => void;
}

/** Paths that never reach a log, should anybody put them there. */
const redact = ['seed', 'password', '*.seed', '*.password', 'environment', '*.environment'];

/** Together at most 60 MB. */
const rotation = { size: 10_000_000, keep: 5 };
const rotationInterval = 60_000;

/** So much waits in memory while the disk takes nothing, in characters; beyond it lines are thrown away and counted. */
const mostWaiting = 8_000_000;

/**
 * Appends to `file` and rotates it; the process may end at any time without losing a line. A disk that is full is no
 * fault of whoever has something to say: what cannot be written waits, and goes with the next line.
 */
export function createLog({ level, file, onLost = () => {} }: LogOptions): Log {
  const target = destination({ dest: file, append: true, mkdir: true, sync: true, maxLength: mostWaiting });
  const log = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact }, target);
  let lost = 0;
  let reason = '';
  target.on('error', (error: Error) => {
    reason = error.message;
  });
  target.on('drop', () => {
    lost += 1;
  });
  target.on('write', () => {
    if (lost === 0) return;
    const lines = lost;
    lost = 0;
    // Not from within the writing of a line, as it may want to write one itself.
    setImmediate(() => onLost(lines, reason));
  });
  const look = () => {
    rotate({ ...rotation, file, reopen: () => target.reopen() }).catch((error: Error) => {
      log.error({ err: error }, 'log.rotation.failed');
    });
  };
  look();
  setInterval(look, rotationInterval).unref();
  return log;
}
