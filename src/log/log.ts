/** The daemon's log: pino, one JSON line a fact, never pane text or secrets. */
import { destination, type Logger, pino } from 'pino';
import { rotate } from './rotate.ts';

export type Log = Logger;

export interface LogOptions {
  level: string;
  file: string;
}

/** Paths that never reach a log, should anybody put them there. */
const redact = ['seed', 'password', '*.seed', '*.password', 'environment', '*.environment'];

/** Together at most 60 MB. */
const rotation = { size: 10_000_000, keep: 5 };
const rotationInterval = 60_000;

/** Appends to `file` and rotates it; the process may end at any time without losing a line. */
export function createLog({ level, file }: LogOptions): Log {
  const target = destination({ dest: file, append: true, mkdir: true, sync: true });
  const log = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact }, target);
  const look = () => {
    rotate({ ...rotation, file, reopen: () => target.reopen() }).catch((error: Error) => {
      log.error({ err: error }, 'log.rotation.failed');
    });
  };
  look();
  setInterval(look, rotationInterval).unref();
  return log;
}
