/** Stores messages again that a stream has lost, from copies of its files, without undoing anything that came later. */
import { PubHeaders, type StoredMsg } from '@nats-io/jetstream';
import { type MsgHdrs, headers as makeHeaders, millis } from '@nats-io/transport-node';
import type { Bus } from './bus.ts';
import { BusError } from './bus-error.ts';
import type { Connection } from './connection.ts';
import { publishEncoded } from './publish.ts';
import { untilAnswered } from './until-answered.ts';

/** A message as it stood in a file of the stream. */
export interface FormerMessage {
  sequence: number;
  time: Date;
  subject: string;
  /** As on the wire, empty without. */
  headers: Uint8Array;
  data: Uint8Array;
  isWhole(): boolean;
}

export interface Restored {
  lost: number;
  restored: number;
}

/**
 * `former` are the newest messages that the stream is known to have had, in order; a damaged one among them stays lost. A
 * message keeps its id, so that it is not stored twice. @throws BusError `no-stream` and others
 */
export async function restoreMessages(
  { connection }: Bus,
  stream: string,
  former: readonly FormerMessage[],
): Promise<Restored> {
  const { config } = await untilAnswered(connection, `looking at ${stream}`, () =>
    connection.manager.streams.info(stream),
  );
  const oldest = config.max_age === 0 ? 0 : Date.now() - millis(config.max_age);
  const unexpired = former.filter(({ time }) => time.getTime() > oldest);
  const lostOf = stream.startsWith('KV_') ? lostOfBucket : lostOfStream;
  const lost = await lostOf(connection, stream, unexpired);
  let restored = 0;
  for (const one of lost) if (one.message.isWhole() && (await restore(connection, one))) restored += 1;
  return { lost: lost.length, restored };
}

interface Lost {
  message: FormerMessage;
  /** In a bucket: the revision that still has to be the newest of its key, 0 for none. */
  replaces?: number;
}

/** Keys looked at together: after a year tens of thousands of small ones stand in one file. */
const atOnce = 256;

/** The newest record of each key behind the one that is there now. */
async function lostOfBucket(
  connection: Connection,
  stream: string,
  former: readonly FormerMessage[],
): Promise<Lost[]> {
  const byKey = new Map<string, FormerMessage[]>();
  for (const message of former) {
    const revisions = byKey.get(message.subject);
    if (revisions) revisions.push(message);
    else byKey.set(message.subject, [message]);
  }
  const keys = [...byKey];
  const lost: Lost[] = [];
  for (let start = 0; start < keys.length; start += atOnce) {
    const looks = keys.slice(start, start + atOnce).map(async ([subject, revisions]) => {
      const now = await find(connection, stream, { last_by_subj: subject });
      const newer = now ? revisionsBehind(revisions, now) : revisions;
      const newest = newer.findLast((message) => message.isWhole()) ?? newer.at(-1);
      return newest && { message: newest, replaces: now?.seq ?? 0 };
    });
    lost.push(...(await Promise.all(looks)).filter((one) => one !== undefined));
  }
  return lost;
}

/**
 * The file's own order is true whatever the clock did. Only of what came after the file nothing is known but its time,
 * because sequences may have gone back.
 */
function revisionsBehind(revisions: readonly FormerMessage[], now: StoredMsg): readonly FormerMessage[] {
  const stored = now.time.getTime();
  const place = revisions.findLastIndex(
    ({ sequence, time }) => sequence === now.seq && time.getTime() === stored,
  );
  if (place >= 0) return revisions.slice(place + 1);
  return revisions.filter(({ time }) => time.getTime() > stored);
}

/** From the newest back to the first that is still there. */
async function lostOfStream(
  connection: Connection,
  stream: string,
  former: readonly FormerMessage[],
): Promise<Lost[]> {
  const lost: Lost[] = [];
  for (const message of [...former].reverse()) {
    const now = await find(connection, stream, { seq: message.sequence });
    if (now?.time.getTime() === message.time.getTime()) break;
    lost.unshift({ message });
  }
  return lost;
}

function find(
  connection: Connection,
  stream: string,
  which: { last_by_subj: string } | { seq: number },
): Promise<StoredMsg | null> {
  return untilAnswered(connection, `reading ${stream}`, () =>
    connection.manager.direct.getMessage(stream, which),
  );
}

/** Resolves with whether it is stored; not so when somebody has written meanwhile, or the stream takes no more. */
async function restore(connection: Connection, { message, replaces }: Lost): Promise<boolean> {
  const headers = readHeaders(message.headers);
  headers.delete(PubHeaders.ExpectedLastSubjectSequenceHdr);
  if (replaces !== undefined) headers.set(PubHeaders.ExpectedLastSubjectSequenceHdr, String(replaces));
  const id = headers.get(PubHeaders.MsgIdHdr);
  try {
    await publishEncoded(connection, message.subject, { id, data: message.data, headers });
    return true;
  } catch (error) {
    if (error instanceof BusError && (error.code === 'no-space' || error.code === 'refused')) return false;
    throw error;
  }
}

/** `NATS/1.0` and a line for each. */
function readHeaders(bytes: Uint8Array): MsgHdrs {
  const headers = makeHeaders();
  const [, ...lines] = new TextDecoder().decode(bytes).split('\r\n');
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return headers;
}
