/** Repeats a question to the server until it is answered: a broken connection or a silent server is no answer. */
import { orAborted, pause, timeLimit } from './abort.ts';
import { BusError, isTransient, isUnanswered, toBusError } from './bus-error.ts';
import { answerTimeout, type Connection } from './connection.ts';

export interface Persistence {
  /** In ms from now; without one it goes on for ever. */
  deadline?: number | undefined;
  signal?: AbortSignal | undefined;
}

export interface Attempt {
  /** How long this try may take, in ms. */
  timeout: number;
  /** From 1; from 2 on an earlier try may have taken effect. */
  number: number;
}

/** The waits between tries, in ms; the last one repeats. Each is stretched by up to its own length. */
const waits = [20, 50, 100, 200];

/** Some four seconds over a connection that stands: a busy server is slow, and a stream that cannot be written is mute. */
const silentTries = 6;

/** Nobody listens to JetStream's API: it starts (or elects) for a moment, some five seconds here, or it is switched off. */
const unansweredTries = 20;

/**
 * `what` begins the message of an error. An attempt has to be repeatable without harm.
 * @throws BusError `deadline`, `closed`, `aborted`, or what the attempt's own error means
 */
export async function untilAnswered<Answer>(
  connection: Connection,
  what: string,
  attempt: (attempt: Attempt) => Promise<Answer>,
  { deadline, signal }: Persistence = {},
): Promise<Answer> {
  const giveUpAt = deadline === undefined ? Number.POSITIVE_INFINITY : Date.now() + deadline;
  const time = timeLimit(deadline, () => new BusError('deadline', `${what}: not done within ${deadline} ms`));
  try {
    for (let number = 1, unanswered = 0, silent = 0; ; number += 1) {
      await connection.whenConnected(signal, time.signal);
      const timeout = Math.max(1, Math.min(answerTimeout, giveUpAt - Date.now()));
      const { lost } = connection;
      try {
        return await orAborted(attempt({ timeout, number }), lost, signal, time.signal);
      } catch (error) {
        throwIfEnded(connection, signal, time.signal);
        if (isUnanswered(error)) unanswered += 1;
        else if (!isTransient(error)) throw error;
        silent = lost.aborted ? 0 : silent + 1;
        if (silent > 0 && silent % silentTries === 0)
          connection.foundSilent(new BusError('timeout', `${what}: no answer to ${silent} tries`));
        if (unanswered >= unansweredTries) throw error;
      }
      const wait = waits[Math.min(number, waits.length) - 1] ?? 0;
      await pause(wait * (1 + Math.random()), connection.closing, signal, time.signal);
    }
  } catch (error) {
    if (signal?.aborted && error === signal.reason)
      throw new BusError('aborted', `${what}: aborted`, { cause: error });
    throw toBusError(error, what);
  } finally {
    time.clear();
  }
}

function throwIfEnded(connection: Connection, ...signals: (AbortSignal | undefined)[]): void {
  connection.closing.throwIfAborted();
  for (const signal of signals) signal?.throwIfAborted();
}
