/** Publishing: stored exactly once through crashes of the server, and every refusal says what to do. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openBucket } from '../../src/bus/bucket.ts';
import type { Bus } from '../../src/bus/bus.ts';
import { readEvents, type StoredEvent } from '../../src/bus/read-events.ts';
import { readInbox } from '../../src/bus/read-inbox.ts';
import { startOrchestra, startServer } from './real-bus.ts';

async function storedEvents(bus: Bus): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const event of readEvents(bus)) events.push(event);
  return events;
}

test('200 messages, with the server killed among them, are each stored once', async () => {
  const { server, bus } = await startOrchestra();
  const published: Promise<unknown>[] = [];
  for (let n = 0; n < 200; n += 1) {
    published.push(bus.publish('orchestra.task.t.said', { n }));
    if (n === 60 || n === 120) {
      await published[n - 10];
      await server.crash();
    }
  }
  await Promise.all(published);
  const stored = await storedEvents(bus);
  const numbers = stored.map(({ body }) => (body as { n: number }).n).sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: 200 }, (_, n) => n));
});

test('a message published while the server is down is stored when it is back', async () => {
  const { server, bus } = await startOrchestra();
  await server.kill();
  const published = bus.publish('orchestra.task.t.said', { n: 1 });
  await server.start();
  await expect(published).resolves.toMatchObject({ stream: 'ORCH_EVENTS', sequence: 1 });
  // Of a second try of its own the server says that it is a duplicate; there is one message all the same.
  expect((await storedEvents(bus)).map(({ body }) => body)).toEqual([{ n: 1 }]);
});

test('one id is stored once', async () => {
  const { bus } = await startOrchestra();
  await bus.publish('orchestra.task.t.said', {}, { id: 'same' });
  const again = await bus.publish('orchestra.task.t.said', {}, { id: 'same' });
  expect(again).toEqual({ stream: 'ORCH_EVENTS', sequence: 1, duplicate: true });
});

test('a body comes back as it was sent', async () => {
  const { bus } = await startOrchestra();
  const text = 'quotes " \' `, line\nends\r\n, ESC \u001b[31m, カエデ 🎹, {{template}} $(shell)';
  await bus.publish('orchestra.agent.kaede.inbox', text, { correlationId: 'カエデ-1', type: 'message' });
  const [message] = await readInbox(bus, 'kaede');
  expect(message).toMatchObject({ text, correlationId: 'カエデ-1', type: 'message', from: 'operator' });
});

test('a message that is too large is refused with its size and the limit', async () => {
  const { bus } = await startOrchestra();
  const published = bus.publish('orchestra.agent.kaede.inbox', 'x'.repeat(1024 ** 2));
  await expect(published).rejects.toMatchObject({
    code: 'too-large',
    message: expect.stringMatching(/orchestra\.agent\.kaede\.inbox has 1048\d\d\d bytes .* takes 1048576/),
  });
});

test('a subject that nobody stores is named', async () => {
  const { bus } = await startOrchestra();
  const published = bus.publish('orchestra.nobody', 'x');
  await expect(published).rejects.toMatchObject({
    code: 'no-stream',
    message: expect.stringContaining('orchestra.nobody'),
  });
});

test('an agent may write in its own name and in no other', async () => {
  const { server } = await startOrchestra();
  const kaede = await server.connect('kaede');
  await expect(kaede.publish('orchestra.agent.sakura.inbox.kaede', 'hi')).resolves.toMatchObject({
    stream: 'ORCH_INBOX',
  });
  await expect(kaede.publish('orchestra.agent.sakura.inbox.botan', 'hi')).rejects.toMatchObject({
    code: 'denied',
  });
});

test('wildcards, spaces and empty tokens are no subjects', async () => {
  const { bus } = await startOrchestra();
  for (const subject of ['orchestra.agent.*.inbox', 'orchestra.>', 'a b', 'a..b', '', 'a.\u001b']) {
    await expect(bus.publish(subject, 'x')).rejects.toMatchObject({ code: 'bad-subject' });
  }
});

test('a deadline, a signal and closing end the waiting for a server that is down', async () => {
  const { server, bus } = await startOrchestra();
  await server.kill();
  await expect(bus.publish('orchestra.task.t.said', {}, { deadline: 50 })).rejects.toMatchObject({
    code: 'deadline',
  });
  const aborted = bus.publish('orchestra.task.t.said', {}, { signal: AbortSignal.abort() });
  await expect(aborted).rejects.toMatchObject({ code: 'aborted' });
  const waiting = expect(bus.publish('orchestra.task.t.said', {})).rejects.toMatchObject({ code: 'closed' });
  await bus.close(100);
  await waiting;
  await expect(bus.publish('orchestra.task.t.said', {})).rejects.toMatchObject({ code: 'closed' });
});

test('a full stream says so', async () => {
  const bus = await (await startServer()).connect();
  const bucket = await openBucket(bus, 'small', { schema: z.string(), maxBytes: 4_096 });
  const fill = async () => {
    for (let n = 0; n < 100; n += 1) await bucket.put(`key-${n}`, 'x'.repeat(500));
  };
  await expect(fill()).rejects.toMatchObject({ code: 'no-space' });
});
