/** Keeps a restored consumer from passing over the next messages as if it had had them. */
import { jetstreamManager } from '@nats-io/jetstream';
import type { Bus } from '../bus/bus.ts';
import { untilAnswered } from '../bus/until-answered.ts';
import type { StreamEntry } from './manifest.ts';

/** How long the server may take for an answer, in ms: none of these steps may be taken twice. */
const patience = 60_000;

/** No agent can be called like that. */
const nobody = 'conductor';

/**
 * Taken while work goes on, a consumer's state may be a moment younger than its stream: it has been given messages that the
 * backup does not hold. Their sequences are used up by messages to nobody, deleted at once, so that they are not given again.
 * @throws BusError
 */
export async function closeGap({ connection }: Bus, { name, config }: StreamEntry): Promise<void> {
  const subject = freeSubject(config['subjects']);
  // Of a bucket nothing is deleted one by one, and only watchers read it, who live no longer.
  if (subject === undefined || config['deny_delete'] === true) return;
  const manager = await jetstreamManager(connection.nats, { checkAPI: false, timeout: patience });
  const { state } = await untilAnswered(connection, `looking at ${name}`, () => manager.streams.info(name));
  let delivered = 0;
  for await (const consumer of manager.consumers.list(name))
    delivered = Math.max(delivered, consumer.delivered.stream_seq);
  for (let last = state.last_seq; last < delivered; ) {
    ({ seq: last } = await manager.jetstream().publish(subject, ''));
    await manager.streams.deleteMessage(name, last, false);
  }
}

/** A subject of the stream; undefined where it has none that we may use. */
function freeSubject(subjects: unknown): string | undefined {
  if (!Array.isArray(subjects)) return undefined;
  const ours: unknown = subjects.find((subject) => typeof subject === 'string' && !subject.startsWith('$'));
  return typeof ours === 'string' ? ours.replaceAll(/[*>]/gu, nobody) : undefined;
}
