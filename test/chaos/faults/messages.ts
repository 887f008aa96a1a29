/** Messages that nobody can read, that are too long, or that come twice; and requests that are no requests. */
import { inboxSubject } from '../../../src/events/commands.ts';
import { agentNames } from '../ground.ts';
import type { Fault, Orchestra } from '../orchestra.ts';
import { pickAt } from '../random.ts';

/** How long a sender goes on trying, in ms: longer than any recovery. */
const deadline = 180_000;
const tooLong = 2 * 1024 ** 2;

const json = { 'Content-Type': 'application/json' };

/** Bodies and headers that no agent can be given; each ends in the dead letters. */
const malformed: readonly (readonly [Uint8Array | string, Record<string, string>])[] = [
  [new Uint8Array([0xff, 0xfe, 0x00, 0xd8]), {}],
  ['   ', {}],
  ['{"half":', json],
  ['fine, but from the future', { 'Orch-Schema': '99' }],
];

export const badMessages: Fault = async (orchestra, { pick }) => {
  const to = pickAt(agentNames, pick);
  const { bus } = orchestra.witness;
  await Promise.all([
    ...malformed.map(([body, headers]) => send(orchestra, to, 'dead', body, headers)),
    sendMessage(orchestra, to, 3),
    sendTooLong(orchestra, to),
  ]);
  for (const subject of [
    'orchestra.cmd.status',
    'orchestra.cmd.task.show',
    `orchestra.agent.${to}.report.done`,
  ])
    bus.emit(subject, '{"not":');
  return { target: to, since: Date.now() };
};

/**
 * A question whether messages and facts still get through: the returned function says whether the message, sent now, has
 * been told as delivered. A tree whose store takes nothing looks whole and does nothing.
 */
export function probe(orchestra: Orchestra, to: string): () => boolean {
  const from = orchestra.witness.facts.length;
  let id: string | undefined;
  void sendMessage(orchestra, to).then(
    (sent) => {
      id = sent;
    },
    () => undefined,
  );
  return () =>
    id !== undefined &&
    orchestra.witness.facts
      .slice(from)
      .some(({ name, body }) => name === 'agent.message.delivered' && body['message'] === id);
}

/** One that has to be handled once, however often it is sent; its id. */
export async function sendMessage(orchestra: Orchestra, to: string, times = 1): Promise<string> {
  const { id, word } = orchestra.messages.draw();
  orchestra.messages.note({ id, to, word, fate: 'handled' });
  const text = `${word}: are you there?`;
  for (let left = times; left > 0; left -= 1)
    await orchestra.witness.bus.publish(inboxSubject(to), text, { id, deadline });
  return id;
}

async function send(
  orchestra: Orchestra,
  to: string,
  fate: 'dead',
  body: Uint8Array | string,
  headers: Record<string, string>,
): Promise<void> {
  const { id, word } = orchestra.messages.draw();
  orchestra.messages.note({ id, to, word, fate });
  await orchestra.witness.bus.publish(inboxSubject(to), body, { id, headers, deadline });
}

/** Refused where it is sent. */
async function sendTooLong(orchestra: Orchestra, to: string): Promise<void> {
  const { id, word } = orchestra.messages.draw();
  try {
    await orchestra.witness.bus.publish(inboxSubject(to), word.padEnd(tooLong, '.'), { id, deadline });
    orchestra.messages.note({ id, to, word, fate: 'handled' });
  } catch {
    orchestra.messages.note({ id, to, word, fate: 'refused' });
  }
}
