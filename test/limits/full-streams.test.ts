/** Full streams: each has its own room, so the tasks' records are stored whatever becomes of facts and messages. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openBucket } from '../../src/bus/bucket.ts';
import type { BusError } from '../../src/bus/bus-error.ts';
import { orchestraStreams, transitionStreamOf, usualRetention } from '../../src/bus/stream-definitions.ts';
import { ensureStreams, type Shrunk } from '../../src/bus/streams.ts';
import { patientManager, startOrchestra, startServer } from '../bus/real-bus.ts';

const mebibyte = 1024 ** 2;
const small = { days: 30, size: 2 * mebibyte };
const retention = { events: small, transitions: small, inbox: small, deadLetters: small };

test('records are stored while facts, transitions and inboxes are full', async () => {
  const server = await startServer();
  const bus = await server.connect();
  const eventSubjects = ['orchestra.task.*.*'];
  await ensureStreams(bus, [...orchestraStreams({ eventSubjects, retention }), transitionStreamOf(small)]);
  const bucket = await openBucket(bus, 'records', { schema: z.object({ n: z.int() }) });
  const body = 'x'.repeat(200_000);
  const refusals: BusError[] = [];
  for (let n = 0; n < 30; n += 1) {
    await bus.publish('orchestra.task.t.happened', body);
    await bus.publish('orchestra.journal.local.transitions', body);
    await bus
      .publish(`orchestra.agent.a${n}.inbox`, body)
      .catch((error: unknown) => refusals.push(error as BusError));
    await bucket.put(`k${n}`, { n });
  }
  expect((await bucket.entries()).size).toBe(30);
  expect(refusals.length).toBeGreaterThan(15);
  expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(['no-space']));
  const { streams } = await patientManager(bus);
  for (const stream of ['ORCH_EVENTS', 'ORCH_TRANSITIONS', 'ORCH_INBOX']) {
    const { state } = await streams.info(stream);
    expect(state.bytes).toBeLessThanOrEqual(small.size);
    expect(state.bytes).toBeGreaterThan(small.size / 2);
  }
});

test('a smaller size takes effect at once, and what went is told; a larger one costs nothing', async () => {
  const { bus } = await startOrchestra();
  const definitions = (size: number) =>
    orchestraStreams({
      eventSubjects: ['orchestra.task.*.*'],
      retention: { ...usualRetention, events: { days: 30, size } },
    });
  const told: Shrunk[] = [];
  const ensure = (size: number) => ensureStreams(bus, definitions(size), (shrunk) => told.push(shrunk));
  await ensure(8 * mebibyte);
  for (let n = 0; n < 60; n += 1) await bus.publish('orchestra.task.t.happened', 'x'.repeat(100_000));
  await ensure(16 * mebibyte);
  expect(told).toEqual([]);
  await ensure(2 * mebibyte);
  const { state } = await (await patientManager(bus)).streams.info('ORCH_EVENTS');
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({ stream: 'ORCH_EVENTS', messages: 60 - state.messages });
  expect(state.last_seq).toBe(60);
  await ensure(2 * mebibyte);
  expect(told).toHaveLength(1);
});
