/** The daemon's log: pino, one JSON line a fact, never pane text or secrets. */
import { destination, type Logger, pino } from 'pino';

export type Log = Logger;

export interface LogOptions {
  level: string;
  /** A file to append to; without it, standard output. */
  file?: string;
}

/** Paths that never reach a log, should anybody put them there. */
const redact = ['seed', 'password', 'token.secret', '*.seed', '*.password', 'environment', '*.environment'];

export function createLog({ level, file }: LogOptions): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact },
    destination({ dest: file ?? 1, append: true, mkdir: true, sync: true }),
  );
}
