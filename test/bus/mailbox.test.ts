/** Mailboxes: each message once and in order, or a dead letter with a reason. */
import { expect, test } from 'vitest';
import type { Bus } from '../../src/bus/bus.ts';
import { collectDeadLetters } from '../../src/bus/collect-dead-letters.ts';
import { deadLetters } from '../../src/bus/dead-letter.ts';
import type { HandlerResult } from '../../src/bus/delivery.ts';
import { type Mailbox, type MailboxOptions, openMailbox } from '../../src/bus/mailbox.ts';
import type { MailboxMessage } from '../../src/bus/mailbox-message.ts';
import { Arrivals, patientManager, startOrchestra } from './real-bus.ts';

const inbox = (agent: string, from?: string) =>
  `orchestra.agent.${agent}.inbox${from === undefined ? '' : `.${from}`}`;
const texts = (messages: readonly MailboxMessage[]) => messages.map(({ text }) => text);

interface Taken extends MailboxMessage {
  redelivered: boolean;
}

/** A mailbox whose messages are taken and, unless `decide` says otherwise, handled. */
async function open(
  bus: Bus,
  agent: string,
  decide: (message: Taken) => HandlerResult | Promise<HandlerResult> = (): HandlerResult => 'handled',
  options: Partial<MailboxOptions> = {},
): Promise<{ mailbox: Mailbox; taken: Arrivals<Taken>; dead: Arrivals<{ id: string; reason: string }> }> {
  const [taken, dead] = [new Arrivals<Taken>(), new Arrivals<{ id: string; reason: string }>()];
  const mailbox = await openMailbox(bus, {
    agent,
    handler: (message, { redelivered }) => {
      taken.add({ ...message, redelivered });
      return decide({ ...message, redelivered });
    },
    backoff: [1],
    onDeadLetter: dead.add,
    ...options,
  });
  return { mailbox, taken, dead };
}

test('150 messages, with the server killed among them twice, are each handled once and in order', async () => {
  const { server, bus } = await startOrchestra();
  const sender = await server.connect('sakura');
  const { taken } = await open(bus, 'kaede');
  const sent: string[] = [];
  for (let n = 0; n < 150; n += 1) {
    sent.push(`message ${n}`);
    await sender.publish(inbox('kaede', 'sakura'), `message ${n}`);
    if (n === 50 || n === 100) await server.crash();
  }
  await taken.until((items) => items.length >= 150);
  expect(texts(taken.items)).toEqual(sent);
  expect(new Set(taken.items.map(({ from }) => from))).toEqual(new Set(['sakura']));
});

test('the server is killed while a message is being handled: it is handled once', async () => {
  const { server, bus } = await startOrchestra();
  const { taken } = await open(bus, 'kaede', async ({ text }): Promise<HandlerResult> => {
    if (text === 'one') await server.crash();
    return 'handled';
  });
  await bus.publish(inbox('kaede'), 'one');
  await taken.until((items) => items.length === 1);
  await bus.publish(inbox('kaede'), 'two');
  await taken.until((items) => items.length === 2);
  expect(texts(taken.items)).toEqual(['one', 'two']);
});

test('a bare message is text from the operator, known by its place in the stream', async () => {
  const { bus } = await startOrchestra();
  const { taken } = await open(bus, 'kaede');
  bus.connection.nats.publish(inbox('kaede'), 'カエデ, "go"\n\u001b[1mnow');
  const [message] = await taken.until((items) => items.length === 1);
  expect(message).toMatchObject({
    id: 'ORCH_INBOX:1',
    from: 'operator',
    text: 'カエデ, "go"\n\u001b[1mnow',
    type: undefined,
    sequence: 1,
    redelivered: false,
  });
});

test('headers and JSON bodies arrive', async () => {
  const { bus } = await startOrchestra();
  const { taken } = await open(bus, 'kaede');
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await bus.publish(
    inbox('kaede'),
    { ask: 'カ' },
    { id: 'm1', type: 'question', correlationId: 'c1', traceparent },
  );
  const [message] = await taken.until((items) => items.length === 1);
  expect(message).toMatchObject({
    id: 'm1',
    json: { ask: 'カ' },
    type: 'question',
    correlationId: 'c1',
    traceparent,
  });
});

test('two mailboxes get their own messages and do not wait for each other', async () => {
  const { bus } = await startOrchestra();
  const kaede = await open(bus, 'kaede', () => new Promise(() => {}));
  const sakura = await open(bus, 'sakura');
  await bus.publish(inbox('kaede'), 'for kaede');
  await kaede.taken.until((items) => items.length === 1);
  await bus.publish(inbox('sakura'), 'for sakura');
  expect(texts(await sakura.taken.until((items) => items.length === 1))).toEqual(['for sakura']);
  expect(texts(kaede.taken.items)).toEqual(['for kaede']);
});

test('messages from before there was a mailbox are handed over', async () => {
  const { bus } = await startOrchestra();
  await bus.publish(inbox('kaede'), 'early');
  const { taken } = await open(bus, 'kaede');
  expect(texts(await taken.until((items) => items.length === 1))).toEqual(['early']);
});

test('a handler that throws is tried again, then the message is a dead letter and the next one comes', async () => {
  const { bus } = await startOrchestra();
  const { taken, dead } = await open(
    bus,
    'kaede',
    ({ text }) => {
      if (text === 'bad') throw new Error('it "exploded"\nbadly');
      return 'handled';
    },
    { maxDeliver: 3 },
  );
  await bus.publish(inbox('kaede'), 'bad', { id: 'bad-1', type: 'message' });
  await bus.publish(inbox('kaede'), 'good');
  await taken.until((items) => texts(items).includes('good'));
  expect(texts(taken.items)).toEqual(['bad', 'bad', 'bad', 'good']);
  expect(taken.items.map(({ redelivered }) => redelivered)).toEqual([false, true, true, false]);
  const reason = 'handling it failed 3 times: it "exploded" badly';
  expect(await deadLetters(bus, { agent: 'kaede' })).toMatchObject([
    {
      agent: 'kaede',
      reason,
      message: { id: 'bad-1', text: 'bad', from: 'operator', type: 'message', sequence: 1 },
    },
  ]);
  expect(dead.items).toEqual([{ id: 'bad-1', reason: 'handling it failed 3 times: it "exploded"\nbadly' }]);
});

test('putting off is no failure, however often', async () => {
  const { bus } = await startOrchestra();
  let offered = 0;
  const later = () => {
    offered += 1;
    return offered < 20 ? { retryAfter: 1 } : 'handled';
  };
  const { taken } = await open(bus, 'kaede', later, { maxDeliver: 2 });
  await bus.publish(inbox('kaede'), 'patience');
  await bus.publish(inbox('kaede'), 'next');
  await taken.until((items) => texts(items).includes('next'));
  expect(taken.items).toHaveLength(21);
  expect(taken.items.some(({ redelivered }) => redelivered)).toBe(false);
  expect(await deadLetters(bus)).toEqual([]);
});

test('what is rejected or cannot be read becomes a dead letter at once', async () => {
  const { bus } = await startOrchestra();
  const { taken, dead } = await open(bus, 'kaede', ({ text }) =>
    text === 'last' ? 'handled' : { rejected: 'not today' },
  );
  await bus.publish(inbox('kaede'), 'no');
  await bus.publish(inbox('kaede'), new Uint8Array([0xff, 0xfe]));
  await bus.publish(inbox('kaede'), '{', { contentType: 'application/json' });
  await bus.publish(inbox('kaede'), ' ');
  await bus.publish(inbox('kaede'), 'future', { schema: '2' });
  await bus.publish(inbox('kaede'), 'last');
  await taken.until((items) => texts(items).includes('last'));
  expect(texts(taken.items)).toEqual(['no', 'last']);
  expect(dead.items.map(({ reason }) => reason)).toEqual([
    'not today',
    'its body is no UTF-8 text',
    expect.stringContaining('its body is no JSON'),
    'its body is empty',
    'its Orch-Schema is 2, and this daemon reads 1',
  ]);
  expect((await deadLetters(bus)).map(({ reason }) => reason)).toEqual(
    dead.items.map(({ reason }) => reason),
  );
});

test("a sender's duplicate outside the duplicate window is not handled twice", async () => {
  const { bus } = await startOrchestra();
  await (await patientManager(bus)).streams.update('ORCH_INBOX', { duplicate_window: 100_000_000 });
  const { taken } = await open(bus, 'kaede');
  for (let stored = 0; stored < 2; ) {
    const { duplicate } = await bus.publish(inbox('kaede'), 'once', { id: 'same' });
    if (!duplicate) stored += 1;
  }
  await bus.publish(inbox('kaede'), 'next');
  await taken.until((items) => texts(items).includes('next'));
  expect(texts(taken.items)).toEqual(['once', 'next']);
});

test('a message that was handled but whose acknowledgement is lost is not handled again', async () => {
  const { bus } = await startOrchestra();
  const first = await open(bus, 'kaede');
  await bus.publish(inbox('kaede'), 'one');
  await first.taken.until((items) => items.length === 1);
  await first.mailbox.close(30_000);
  await (await patientManager(bus)).consumers.delete('ORCH_INBOX', 'kaede');
  const second = await open(bus, 'kaede');
  await bus.publish(inbox('kaede'), 'two');
  await second.taken.until((items) => items.length === 1);
  expect(texts(second.taken.items)).toEqual(['two']);
});

test('closing aborts the handler; the message comes again, known as begun and not as failed', async () => {
  const { bus } = await startOrchestra();
  let closing: Promise<void> | undefined;
  for (let round = 0; round < 4; round += 1) {
    const begun = new Arrivals<boolean>();
    const mailbox = await openMailbox(bus, {
      agent: 'kaede',
      maxDeliver: 2,
      handler: async (_message, { signal, redelivered, recorded }) => {
        await recorded;
        begun.add(redelivered);
        return new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason)),
        );
      },
    });
    if (round === 0) await bus.publish(inbox('kaede'), 'long');
    expect(await begun.until((items) => items.length === 1)).toEqual([round > 0]);
    closing = mailbox.close();
    await closing;
    expect(await mailbox.closed).toBeUndefined();
  }
  const { taken } = await open(bus, 'kaede');
  expect(await taken.until((items) => items.length === 1)).toMatchObject([
    { text: 'long', redelivered: true },
  ]);
  expect(await deadLetters(bus)).toEqual([]);
});

test('closing does not wait for ever for a handler that does not end, and the next mailbox gets the message', async () => {
  const { bus } = await startOrchestra();
  const first = await open(bus, 'kaede', () => new Promise(() => {}), { ackWait: 1_000 });
  await bus.publish(inbox('kaede'), 'stuck');
  await first.taken.until((items) => items.length === 1);
  await first.mailbox.close(10);
  const second = await open(bus, 'kaede', undefined, { ackWait: 1_000 });
  expect(await second.taken.until((items) => items.length === 1)).toMatchObject([
    { text: 'stuck', redelivered: true },
  ]);
});

test('a message whose reader dies on it every time becomes a dead letter', async () => {
  const { server, bus } = await startOrchestra();
  await bus.publish(inbox('kaede'), 'poison');
  for (let death = 0; death < 3; death += 1) {
    const reader = await server.connect();
    const begun = new Arrivals<true>();
    await openMailbox(reader, {
      agent: 'kaede',
      ackWait: 1_000,
      handler: async (_message, { recorded }) => {
        await recorded;
        begun.add(true);
        return new Promise(() => {});
      },
    });
    await begun.until((items) => items.length === 1);
    await reader.close(100);
  }
  const { dead } = await open(bus, 'kaede', undefined, { maxDeliver: 3, ackWait: 1_000 });
  expect(await dead.until((items) => items.length === 1)).toMatchObject([
    { reason: 'its reader died 3 times while handling it' },
  ]);
});

test("the server's notice of too many deliveries becomes a dead letter, also one from before the collector", async () => {
  const { bus } = await startOrchestra();
  const manager = await patientManager(bus);
  await manager.consumers.add('ORCH_INBOX', {
    durable_name: 'kaede',
    filter_subjects: [inbox('kaede'), inbox('kaede', '*')],
    ack_policy: 'explicit',
    ack_wait: 50_000_000,
    max_deliver: 1,
  });
  await bus.publish(inbox('kaede'), 'lost with its reader', { id: 'm1' });
  const consumer = await manager.jetstream().consumers.get('ORCH_INBOX', 'kaede');
  await consumer.next({ expires: 1_000 });
  for (let notices = 0; notices === 0; ) {
    await consumer.next({ expires: 1_000 });
    notices = (await manager.streams.info('ORCH_DLQ')).state.messages;
  }
  const collected = new Arrivals<{ agent: string; id: string; reason: string }>();
  const collector = await collectDeadLetters(bus, { onDeadLetter: collected.add });
  await collected.until((items) => items.length === 1);
  const reason = 'it was delivered 1 times and never acknowledged';
  expect(collected.items).toEqual([{ agent: 'kaede', id: 'm1', reason }]);
  expect(await deadLetters(bus)).toMatchObject([
    { agent: 'kaede', reason, message: { text: 'lost with its reader' } },
  ]);
  await collector.close();
});

test('it goes on when its consumer is deleted under it', async () => {
  const { bus } = await startOrchestra();
  const { taken } = await open(bus, 'kaede');
  await bus.publish(inbox('kaede'), 'one');
  await taken.until((items) => items.length === 1);
  await (await patientManager(bus)).consumers.delete('ORCH_INBOX', 'kaede');
  await bus.publish(inbox('kaede'), 'two');
  await taken.until((items) => items.length === 2);
  expect(texts(taken.items)).toEqual(['one', 'two']);
});

test('it says why it ended when its stream is gone', async () => {
  const { bus } = await startOrchestra();
  const { mailbox } = await open(bus, 'kaede');
  await (await patientManager(bus)).streams.delete('ORCH_INBOX');
  expect(await mailbox.closed).toMatchObject({ code: 'no-stream' });
});
