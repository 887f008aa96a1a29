/** Messages of inboxes that nobody handles become dead letters before the stream lets them go because of their age. */
import type { StreamInfo } from '@nats-io/jetstream';
import { millis } from '@nats-io/transport-node';
import type { Bus } from './bus.ts';
import { storeDeadLetter } from './dead-letter.ts';
import { readInboxSubject } from './inbox-subject.ts';
import { Ledger } from './ledger.ts';
import { readMailboxMessage } from './mailbox-message.ts';
import { caughtUp, readStream } from './read-stream.ts';
import { inboxStream } from './stream-definitions.ts';
import { untilAnswered } from './until-answered.ts';

const day = 24 * 60 * 60_000;

/** A mailbox gives up what cannot be taken when so much of its life is over. */
const givenUpPart = 0.9;

/** Later, because who looks from outside does not know what a mailbox has in hand. */
const sweptPart = 0.95;

/** How long the inbox stream keeps a message, in ms; undefined for ever. */
export function lifetimeOf({ config }: Pick<StreamInfo, 'config'>): number | undefined {
  return config.max_age > 0 ? millis(config.max_age) : undefined;
}

/** Why a message that cannot be taken now is not put off any more; undefined while it may wait. */
export function whyGivenUp(sentAt: string, lifetime: number | undefined): string | undefined {
  if (lifetime === undefined || Date.now() - Date.parse(sentAt) < lifetime * givenUpPart) return undefined;
  return unhandled(lifetime);
}

const unhandled = (lifetime: number): string =>
  `nobody handled it, and an inbox keeps a message for ${Number((lifetime / day).toPrecision(3))} days at most`;

/**
 * Looks through all inboxes for what no mailbox has given up in time: of an agent that is not there, or whose program has
 * had a message in hand all the while. Such a one may be handled after all: rather twice than never. @throws BusError
 */
export async function giveUpExpiring(
  bus: Bus,
  signal: AbortSignal,
  onDeadLetter: (letter: { agent: string; id: string; reason: string }) => void,
): Promise<void> {
  const { connection } = bus;
  const info = await untilAnswered(connection, `looking at ${inboxStream}`, () =>
    connection.manager.streams.info(inboxStream),
  );
  const lifetime = lifetimeOf(info);
  if (lifetime === undefined || info.state.messages === 0) return;
  const youngest = Date.now() - lifetime * sweptPart;
  if (Date.parse(info.state.first_ts) > youngest) return;
  const ledgers = new Map<string, Ledger>();
  const reading = readStream(connection, {
    stream: inboxStream,
    subjects: ['orchestra.agent.*.inbox', 'orchestra.agent.*.inbox.*'],
    from: 'all',
    follow: false,
    signal,
  });
  for await (const stored of reading) {
    if (stored === caughtUp || stored.time.getTime() > youngest) break;
    const agent = readInboxSubject(stored.subject)?.to;
    if (agent === undefined) continue;
    const ledger = ledgers.get(agent) ?? (await Ledger.open(bus, agent, info.created));
    ledgers.set(agent, ledger);
    const { subject, seq: sequence, time, data, headers } = stored;
    const { message } = readMailboxMessage({ subject, sequence, time, data, headers });
    if (ledger.isHandled(message)) continue;
    const reason = unhandled(lifetime);
    await storeDeadLetter(connection, agent, { ...message, data, headers }, reason);
    await ledger.complete(message);
    onDeadLetter({ agent, id: message.id, reason });
  }
}
