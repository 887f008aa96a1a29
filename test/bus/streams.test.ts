/** Streams are made as defined, changed when the definition is, and found out when they cannot be. */
import { expect, test } from 'vitest';
import type { StreamDefinition } from '../../src/bus/stream-definition.ts';
import { orchestraStreams } from '../../src/bus/stream-definitions.ts';
import { ensureStreams } from '../../src/bus/streams.ts';
import { patientManager, startOrchestra, startServer } from './real-bus.ts';

test('the whole set fits a default store, and making it again changes nothing', async () => {
  const bus = await (await startServer()).connect();
  const definitions = orchestraStreams({ eventSubjects: ['orchestra.task.*.*'] });
  await ensureStreams(bus, definitions);
  await bus.publish('orchestra.agent.kaede.inbox', 'kept');
  await ensureStreams(bus, definitions);
  const { config, state } = await (await patientManager(bus)).streams.info('ORCH_INBOX');
  expect(state.messages).toBe(1);
  expect(config).toMatchObject({
    retention: 'limits',
    storage: 'file',
    max_msgs_per_subject: 1_200,
    allow_direct: true,
  });
});

test('new limits and subjects are taken over', async () => {
  const { bus } = await startOrchestra();
  await ensureStreams(
    bus,
    orchestraStreams({ eventSubjects: ['orchestra.task.*.*', 'orchestra.node.*.*'], scale: 0.2 }),
  );
  await expect(bus.publish('orchestra.node.n.started', {})).resolves.toMatchObject({ stream: 'ORCH_EVENTS' });
});

const definition: StreamDefinition = {
  name: 'TEST',
  description: 'a test',
  subjects: ['test.>'],
  maxBytes: 1024 ** 2,
  maxAge: 0,
  maxMessagesPerSubject: -1,
  duplicateWindow: 60_000,
  discard: 'old',
};

test('a stream that cannot become as defined is named with the field', async () => {
  const bus = await (await startServer()).connect();
  await (await patientManager(bus)).streams.add({
    name: 'TEST',
    subjects: ['test.>'],
    storage: 'memory',
    max_bytes: 1024,
  });
  await expect(ensureStreams(bus, [definition])).rejects.toMatchObject({
    code: 'stream-mismatch',
    message: expect.stringMatching(/TEST has storage "memory" instead of "file"/),
  });
});

test('a stream larger than the store is refused for its size', async () => {
  const bus = await (await startServer()).connect();
  const tooLarge = { ...definition, maxBytes: 1024 ** 4 };
  await expect(ensureStreams(bus, [tooLarge])).rejects.toMatchObject({ code: 'no-space' });
});

test('subjects of another stream are refused', async () => {
  const { bus } = await startOrchestra();
  const overlapping = { ...definition, subjects: ['orchestra.task.*.*'] };
  await expect(ensureStreams(bus, [overlapping])).rejects.toMatchObject({ code: 'refused' });
});
