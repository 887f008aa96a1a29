/** Asking one who serves a subject; nothing is stored, and nothing is asked twice. */
import { orAborted, timeLimit } from './abort.ts';
import { BusError, isUnanswered, toBusError } from './bus-error.ts';
import type { Connection } from './connection.ts';
import { type Body, type Envelope, encodeMessage } from './envelope.ts';
import { parseJson } from './parse-json.ts';
import { checkSize } from './publish.ts';
import { ReplyEnvelope } from './reply-envelope.ts';
import { checkPublishable } from './subject.ts';

export interface RequestOptions extends Envelope {
  /** In ms, waiting for a connection included; default 5 000. */
  timeout?: number;
  signal?: AbortSignal;
}

/**
 * Resolves with the value answered. The question may have been carried out when it fails with `timeout`.
 * @throws BusError `no-responder`, `timeout`, `refused` (with the other side's code and message), `denied`, `too-large`,
 * `bad-subject`, `aborted`, `closed`
 */
export async function request(
  connection: Connection,
  subject: string,
  body: Body,
  { timeout = 5_000, signal, ...envelope }: RequestOptions = {},
): Promise<unknown> {
  checkPublishable(subject);
  const { data, headers } = encodeMessage(body, envelope);
  const giveUpAt = Date.now() + timeout;
  const limit = timeLimit(
    timeout,
    () => new BusError('timeout', `${subject} did not answer within ${timeout} ms`),
  );
  try {
    await connection.whenConnected(signal, limit.signal);
    checkSize(connection, subject, { data, headers });
    const asked = connection.nats.request(subject, data, {
      headers,
      timeout: Math.max(1, giveUpAt - Date.now()),
    });
    const reply = await orAborted(asked, signal, limit.signal, connection.closing);
    return answeredValue(subject, reply.data);
  } catch (error) {
    if (signal?.aborted && error === signal.reason)
      throw new BusError('aborted', `asking ${subject}: aborted`, { cause: error });
    if (isUnanswered(error)) throw new BusError('no-responder', `nobody serves ${subject}`, { cause: error });
    throw toBusError(error, `asking ${subject}`);
  } finally {
    limit.clear();
  }
}

function answeredValue(subject: string, data: Uint8Array): unknown {
  const reply = ReplyEnvelope.safeParse(parseJson(data));
  if (!reply.success)
    throw new BusError('refused', `what answers at ${subject} does not speak the orchestra's replies`);
  if (reply.data.ok) return reply.data.value;
  const { code, message } = reply.data.error;
  throw new BusError('refused', message, { remoteCode: code });
}
