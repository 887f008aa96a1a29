/** A full inbox refuses and says so, handled messages make room, and nothing that waits is thrown away. */
import { expect, test } from 'vitest';
import type { HandlerResult } from '../../src/bus/delivery.ts';
import { lookForFullInboxes } from '../../src/bus/full-inboxes.ts';
import { openMailbox } from '../../src/bus/mailbox.ts';
import { keptHandled, largestMessage, mostWaiting } from '../../src/bus/stream-definitions.ts';
import { sendMessage } from '../../src/client/send-message.ts';
import { Arrivals, patientManager, startOrchestra } from '../bus/real-bus.ts';
import { corruptBody, newestBlock } from './damage.ts';

const capacity = mostWaiting + keptHandled;

test('10,000 messages to one inbox: what fits is kept in order, the rest is refused to its sender', {
  timeout: 180_000,
}, async () => {
  const { server, bus } = await startOrchestra();
  const sakura = await server.connect('sakura');
  let stored = 0;
  const refusals: string[] = [];
  for (let start = 0; start < 10_000; start += 500) {
    const batch = Array.from({ length: 500 }, (_, index) =>
      sendMessage(sakura, { to: 'kaede', from: 'sakura', text: `message ${start + index}` }),
    );
    for (const sent of await Promise.allSettled(batch))
      if (sent.status === 'fulfilled') stored += 1;
      else refusals.push(String(sent.reason));
  }
  expect(stored).toBe(capacity);
  expect(refusals.length).toBe(10_000 - capacity);
  expect(new Set(refusals).size).toBe(1);
  expect(refusals[0]).toContain('The inbox of kaede is full');

  const { full, isStreamFull } = await lookForFullInboxes(bus);
  expect(full).toEqual([{ agent: 'kaede', from: 'sakura', messages: capacity }]);
  expect(isStreamFull).toBe(false);
  // Others get through to the same agent, and to everybody else.
  await sendMessage(bus, { to: 'kaede', text: 'from a person' });
  await sendMessage(sakura, { to: 'botan', from: 'sakura', text: 'to another' });

  const arrivals = new Arrivals<string>();
  const mailbox = await openMailbox(bus, {
    agent: 'kaede',
    handler: ({ text }) => {
      arrivals.add(text);
      return 'handled';
    },
  });
  const all = await arrivals.until((items) => items.length === capacity + 1);
  const numbers = all.slice(0, capacity).map((text) => Number(text.split(' ')[1]));
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  await mailbox.close();
});

test('while an agent takes its time over one message, others get theirs; then it gets each of its own once, in order', {
  timeout: 180_000,
}, async () => {
  const { bus } = await startOrchestra();
  const [slow, swift] = [new Arrivals<string>(), new Arrivals<string>()];
  let goOn = () => {};
  const first = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  await openMailbox(bus, {
    agent: 'kaede',
    ackWait: 1_000,
    handler: async ({ text }): Promise<HandlerResult> => {
      slow.add(text);
      await first;
      return 'handled';
    },
  });
  await openMailbox(bus, {
    agent: 'sakura',
    handler: ({ text }) => {
      swift.add(text);
      return 'handled';
    },
  });
  const taken: string[] = [];
  for (let start = 0; start < 10_000; start += 500) {
    const texts = Array.from({ length: 500 }, (_, index) => `message ${start + index}`);
    const sent = await Promise.allSettled(texts.map((text) => sendMessage(bus, { to: 'kaede', text })));
    taken.push(...texts.filter((_, index) => sent[index]?.status === 'fulfilled'));
    await sendMessage(bus, { to: 'sakura', text: `beside ${start}` });
    await swift.until((items) => items.at(-1) === `beside ${start}`);
  }
  expect(taken).toHaveLength(capacity);
  expect(slow.items).toEqual(['message 0']);
  goOn();
  await slow.until((items) => items.length >= capacity);
  // There is room again.
  await sendMessage(bus, { to: 'kaede', text: 'afterwards' });
  await slow.until((items) => items.at(-1) === 'afterwards');
  expect(slow.items).toEqual([...taken, 'afterwards']);
});

test('handled messages are trimmed to the latest of each sender, also those of an earlier life', {
  timeout: 180_000,
}, async () => {
  const { bus } = await startOrchestra();
  const count = 400;
  for (let n = 0; n < count; n += 1) await bus.publish('orchestra.agent.kaede.inbox', `message ${n}`);
  const arrivals = new Arrivals<string>();
  const options = {
    agent: 'kaede',
    handler: ({ text }: { text: string }) => {
      arrivals.add(text);
      return text === 'message 399' ? { retryAfter: 60_000 } : ('handled' as const);
    },
  };
  const mailbox = await openMailbox(bus, options);
  await arrivals.until((items) => items.length >= count);
  await mailbox.close(0);
  const { streams } = await patientManager(bus);
  const stored = async () => (await streams.info('ORCH_INBOX')).state.messages;
  // Behind the reader's back.
  await expect.poll(stored, { timeout: 30_000 }).toBeLessThanOrEqual(keptHandled + 51);
  expect(await stored()).toBeGreaterThan(keptHandled);
});

test('a message that is too large is refused with what to do', async () => {
  const { bus } = await startOrchestra();
  await expect(sendMessage(bus, { to: 'kaede', text: 'x'.repeat(largestMessage + 1) })).rejects.toMatchObject(
    { code: 'too-large', message: expect.stringContaining('Put it into a file') },
  );
  await expect(sendMessage(bus, { to: 'kaede', text: 'x'.repeat(2 * 1024 ** 2) })).rejects.toMatchObject({
    code: 'too-large',
  });
});

test('messages sent after the stream has lost its end are handed over, though their sequences were used before', async () => {
  const { server, bus } = await startOrchestra();
  const arrivals = new Arrivals<string>();
  await openMailbox(bus, {
    agent: 'kaede',
    handler: ({ text }) => {
      arrivals.add(text);
      return 'handled';
    },
  });
  const send = (text: string) => bus.publish('orchestra.agent.kaede.inbox', text);
  for (let n = 0; n < 20; n += 1) await send(`message ${n}.`);
  await arrivals.until((items) => items.length === 20);
  await server.kill();
  await corruptBody(await newestBlock(server.directory, 'ORCH_INBOX'), 'message 5.');
  await server.start();
  const { sequence } = await send('afterwards');
  expect(sequence).toBeLessThan(20);
  await arrivals.until((items) => items.includes('afterwards'));
  expect(arrivals.items.length).toBe(21);
});

test('a damaged message found after an orderly end holds up none behind it', async () => {
  const { server, bus } = await startOrchestra();
  for (let n = 0; n < 10; n += 1) await bus.publish('orchestra.agent.kaede.inbox', `message ${n}.`);
  await server.process.stop(30_000);
  await corruptBody(await newestBlock(server.directory, 'ORCH_INBOX'), 'message 5.');
  await server.start();
  const arrivals = new Arrivals<string>();
  await openMailbox(bus, {
    agent: 'kaede',
    handler: ({ text }) => {
      arrivals.add(text);
      return 'handled';
    },
  });
  await arrivals.until((items) => items.includes('message 9.'));
  expect(arrivals.items).toEqual([0, 1, 2, 3, 4, 6, 7, 8, 9].map((n) => `message ${n}.`));
});
