/** Messages that nobody handles: dead letters before their age takes them from the inbox. */
import { afterEach, expect, test, vi } from 'vitest';
import { deadLetters } from '../../src/bus/dead-letter.ts';
import type { HandlerResult } from '../../src/bus/delivery.ts';
import { giveUpExpiring } from '../../src/bus/expiring.ts';
import { openMailbox } from '../../src/bus/mailbox.ts';
import { Arrivals, startOrchestra } from '../bus/real-bus.ts';

afterEach(() => vi.useRealTimers());

const never = new AbortController().signal;
const reason = 'nobody handled it, and an inbox keeps a message for 7 days at most';
const inbox = (agent: string) => `orchestra.agent.${agent}.inbox`;

/** The daemon's clock, so many days after the one by which nats-server has stored. */
function daysLater(days: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + days * 86_400_000 });
}

test('what an agent puts off until it is nearly too old is given up, what is younger waits on', async () => {
  const { bus } = await startOrchestra();
  const [offered, dead] = [new Arrivals<string>(), new Arrivals<string>()];
  const mailbox = await openMailbox(bus, {
    agent: 'kaede',
    handler: ({ text }): HandlerResult => {
      offered.add(text);
      return { retryAfter: 1 };
    },
    onDeadLetter: ({ id }) => dead.add(id),
  });
  for (const id of ['one', 'two']) await bus.publish(inbox('kaede'), id, { id });
  daysLater(6.2);
  const offers = offered.items.length;
  await offered.until((items) => items.length > offers + 5);
  expect(dead.items).toEqual([]);
  daysLater(0.2);
  await dead.until((items) => items.length === 2);
  await mailbox.close();
  expect(await deadLetters(bus)).toMatchObject([
    { agent: 'kaede', reason, message: { id: 'one', text: 'one' } },
    { agent: 'kaede', reason, message: { id: 'two', text: 'two' } },
  ]);
});

test('of agents that are not there, what was not handled is given up once, and never handed over afterwards', async () => {
  const { bus } = await startOrchestra();
  const texts = new Arrivals<string>();
  const open = () =>
    openMailbox(bus, {
      agent: 'kaede',
      handler: ({ text }) => {
        texts.add(text);
        return 'handled';
      },
    });
  const mailbox = await open();
  await bus.publish(inbox('kaede'), 'handled');
  await texts.until((items) => items.length === 1);
  await mailbox.close(30_000);
  for (const text of ['first', 'second']) await bus.publish(inbox('kaede'), text, { id: text });
  await bus.publish(`${inbox('sakura')}.kaede`, 'third', { id: 'third' });

  const letters: object[] = [];
  const look = () => giveUpExpiring(bus, never, (letter) => letters.push(letter));
  daysLater(6.6);
  await look();
  expect(letters).toEqual([]);
  daysLater(0.1);
  await look();
  await look();
  expect(letters).toEqual([
    { agent: 'kaede', id: 'first', reason },
    { agent: 'kaede', id: 'second', reason },
    { agent: 'sakura', id: 'third', reason },
  ]);
  expect((await deadLetters(bus)).map(({ message }) => message.text)).toEqual(['first', 'second', 'third']);

  vi.useRealTimers();
  await bus.publish(inbox('kaede'), 'last');
  const next = await open();
  await texts.until((items) => items.includes('last'));
  await next.close();
  expect(texts.items).toEqual(['handled', 'last']);
});
