/** How far streams had come: what is missing is told, what was erased on purpose is not. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { checkStreamMarks } from '../../src/actors/stream-marks.ts';
import { openBucket } from '../../src/bus/bucket.ts';
import { startServer } from '../bus/real-bus.ts';
import { waitUntil } from '../daemon/wait-until.ts';
import { limitsWorld } from './limits-world.ts';

test('an outbox whose writes are done has lost nothing; a bucket with fewer records has', async () => {
  const bus = await (await startServer()).connect();
  const { world, logged } = await limitsWorld();
  const buckets = ['orch_outbox', 'orch_tasks'];
  const [outbox, tasks] = await Promise.all(
    buckets.map((name) => openBucket(bus, name, { schema: z.int() })),
  );
  for (const bucket of [outbox, tasks]) for (const n of [1, 2, 3]) await bucket?.put('7.comment.1', n);
  await checkStreamMarks(world, bus, new Set());
  await outbox?.erase('7.comment.1');
  await tasks?.erase('7.comment.1');
  await checkStreamMarks(world, bus, new Set());
  const log = await waitUntil('the loss in the log', async () => {
    const text = await logged();
    return text.includes('node.stream.damaged') ? text : undefined;
  });
  expect(log).toContain('KV_orch_tasks');
  expect(log).not.toContain('KV_orch_outbox');
});
