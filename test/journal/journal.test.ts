/** The journal on a real nats-server: nothing recorded is lost, doubled or out of order, whatever is killed. */
import { expect, onTestFinished, test } from 'vitest';
import type { Bus } from '../../src/bus/bus.ts';
import { readEvents } from '../../src/bus/read-events.ts';
import {
  orchestraStreams,
  transitionStream,
  transitionStreamDefinition,
  transitionSubject,
} from '../../src/bus/stream-definitions.ts';
import { streamExtent } from '../../src/bus/stream-extent.ts';
import { ensureStreams } from '../../src/bus/streams.ts';
import type { RecordedTransition } from '../../src/journal/journal-page.ts';
import { type ReadTransitionsOptions, readTransitions } from '../../src/journal/read-transitions.ts';
import { JournalRecorder } from '../../src/journal/recorder.ts';
import { TransitionHistory } from '../../src/journal/transition-history.ts';
import { flushJournal, type JournalHooks, writeJournal } from '../../src/journal/write-journal.ts';
import { type RealServer, startServer } from '../bus/real-bus.ts';
import { numbered, transition } from './transitions.ts';

const beginning = new Date(0);

async function startJournal(): Promise<{ server: RealServer; bus: Bus }> {
  const server = await startServer();
  const bus = await server.connect();
  await ensureStreams(bus, [transitionStreamDefinition]);
  return { server, bus };
}

const newRecorder = (boot = 'one', limit?: number) =>
  new JournalRecorder({ boot, node: 'local', ...(limit === undefined ? {} : { limit }) });

/** Writes until it is ended, as the journal's actor does; a fault of it ends here. */
function write(
  recorder: JournalRecorder,
  bus: Bus,
  hooks?: JournalHooks,
): { kill(): void; ended: Promise<unknown> } {
  const killed = new AbortController();
  const ended = writeJournal(recorder, bus, killed.signal, hooks).catch((error: unknown) => error);
  onTestFinished(() => killed.abort());
  return { kill: () => killed.abort(), ended };
}

async function read(bus: Bus, options: Partial<ReadTransitionsOptions> = {}): Promise<RecordedTransition[]> {
  const found: RecordedTransition[] = [];
  for await (const one of readTransitions(bus, { from: beginning, ...options })) found.push(one);
  return found;
}

const states = (found: readonly RecordedTransition[]) => found.map(({ to }) => to);
const named = (count: number, from = 0) => Array.from({ length: count }, (_, n) => `n${from + n}`);

test('what is recorded is read back as it was, with the boot and the node', async () => {
  const { bus } = await startJournal();
  const recorder = newRecorder();
  const made = [
    transition({ from: null, event: 'xstate.init', to: { following: { reconciling: 'fresh' } } }),
    transition({ status: 'done', edges: ['pane.open|shutdown|0'] }),
  ];
  for (const one of made) recorder.record(one);
  expect(await flushJournal(recorder, bus, 10_000)).toBe(0);
  expect(await read(bus)).toEqual([
    { ...made[0], boot: 'one', node: 'local', standing: [] },
    { ...made[1], boot: 'one', node: 'local' },
  ]);
});

test('nats-server is killed again and again while transitions come', async () => {
  const { server, bus } = await startJournal();
  const recorder = newRecorder();
  write(recorder, bus);
  for (let round = 0; round < 5; round += 1) {
    for (const one of numbered(500, round * 500)) recorder.record(one);
    await server.crash();
  }
  expect(await flushJournal(recorder, bus, 30_000)).toBe(0);
  expect(states(await read(bus))).toEqual(named(2_500));
});

test('the writer is killed again and again, and another goes on', async () => {
  const { bus } = await startJournal();
  const recorder = newRecorder();
  for (let round = 0; round < 30; round += 1) {
    const writer = write(recorder, bus);
    for (const one of numbered(500, round * 500)) recorder.record(one);
    await bus.flush();
    writer.kill();
  }
  expect(await flushJournal(recorder, bus, 30_000)).toBe(0);
  expect(states(await read(bus))).toEqual(named(15_000));
  const sequences: unknown[] = [];
  for await (const { body } of readEvents(bus, { stream: transitionStream }))
    sequences.push((body as { sequence: number }).sequence);
  expect(sequences).toEqual(sequences.map((_, index) => index + 1));
});

test('a page that was stored twice all the same is read once', async () => {
  const { bus } = await startJournal();
  const page = { boot: 'one', node: 'local', sequence: 1, transitions: numbered(2) };
  for (let time = 0; time < 2; time += 1) await bus.publish(transitionSubject('local'), page);
  expect(states(await read(bus))).toEqual(named(2));
});

test('what has to be dropped while the bus is away is counted; the states after the gap are right', async () => {
  const { server, bus } = await startJournal();
  const recorder = newRecorder('one', 1_000);
  recorder.record(transition({ path: 'broker', life: 'x:9', from: null, to: 'running' }));
  expect(await flushJournal(recorder, bus, 10_000)).toBe(0);
  await server.kill();
  for (const one of numbered(2_001)) recorder.record(one);
  await server.start();
  expect(await flushJournal(recorder, bus, 30_000)).toBe(0);
  const found = await read(bus);
  expect(states(found)).toEqual(['running', ...named(501, 1_500)]);
  expect(found[1]?.missing).toBe(1_500);
  expect(found.filter(({ missing }) => missing !== undefined)).toHaveLength(1);
  const after = new TransitionHistory(found).standingAt(1);
  expect([...after.values()].map(({ to }) => to).sort()).toEqual(['n1500', 'running']);
});

test('a stream that somebody deletes ends the writer, and nothing is lost when it is made again', async () => {
  const { bus } = await startJournal();
  const recorder = newRecorder();
  await bus.connection.manager.streams.delete(transitionStream);
  for (const one of numbered(3)) recorder.record(one);
  expect(await write(recorder, bus).ended).toMatchObject({ code: 'no-stream' });
  await ensureStreams(bus, [transitionStreamDefinition]);
  expect(await flushJournal(recorder, bus, 10_000)).toBe(0);
  expect(states(await read(bus))).toEqual(named(3));
});

test('a page that the server does not take is counted, and the rest goes on', async () => {
  const { bus } = await startJournal();
  const recorder = newRecorder();
  const lost: number[] = [];
  recorder.record(transition({ event: 'x'.repeat(1024 ** 2) }));
  const writer = write(recorder, bus, { onLost: ({ sequence }) => lost.push(sequence) });
  await expect.poll(() => lost, { timeout: 30_000 }).toEqual([1]);
  writer.kill();
  recorder.record(transition({ to: 'later' }));
  expect(await flushJournal(recorder, bus, 10_000)).toBe(0);
  const found = await read(bus);
  expect(states(found)).toEqual(['later']);
  expect(found[0]?.missing).toBe(1);
});

test('between two times, both included; the first tells where everything stood before it', async () => {
  const { bus } = await startJournal();
  const recorder = newRecorder();
  const made = [
    transition({ path: 'broker', life: 'x:9', from: null, to: 'running' }),
    ...numbered(5),
    transition({ path: 'broker', life: 'x:9', from: 'running', to: 'terminating' }),
  ];
  for (const one of made) recorder.record(one);
  await flushJournal(recorder, bus, 10_000);
  const [from, to] = [new Date(made[2]?.at ?? 0), new Date(made[4]?.at ?? 0)];
  const found = await read(bus, { from, to });
  expect(states(found)).toEqual(named(3, 1));
  expect(found[0]?.standing?.map(({ to }) => to)).toEqual(['running', 'n0']);
  expect(await read(bus, { from: new Date(from.getTime() + 60_000) })).toEqual([]);
});

test('a clock that once ran ahead hides nothing of what came after it', async () => {
  const { bus } = await startJournal();
  const now = Date.now();
  const tell = (sequence: number, at: number, to: string) => {
    const page = { boot: 'one', node: 'local', sequence, transitions: [transition({ at, to })] };
    return bus.publish(transitionSubject('local'), page);
  };
  await tell(1, now - 1_000, 'before');
  await tell(2, now + 2 * 3_600_000, 'ahead');
  await tell(3, now, 'after');
  const span = { from: new Date(now - 3_600_000), to: new Date(now) };
  expect(states(await read(bus, span))).toEqual(['before', 'after']);
  expect(states(await read(bus))).toEqual(['before', 'ahead', 'after']);
});

test('from times that nats-server cannot count to: everything, or nothing', async () => {
  const { bus } = await startJournal();
  const recorder = newRecorder();
  for (const one of numbered(2)) recorder.record(one);
  await flushJournal(recorder, bus, 10_000);
  for (const early of ['0000-01-01T00:00Z', '1626-01-01T00:00Z', '1677-01-01T00:00Z', '-200000-01-01T00:00Z'])
    expect(states(await read(bus, { from: new Date(early) }))).toEqual(named(2));
  for (const late of ['2263-01-01T00:00Z', '9999-12-31T23:59Z'])
    expect(await read(bus, { from: new Date(late) })).toEqual([]);
});

test('two nodes: the first that is read tells where both stood, and a restart touches only its own', async () => {
  const { bus } = await startJournal();
  const at = Date.now();
  const tell = (node: string, boot: string, after: number, standing?: object[]) => {
    const transitions = [transition({ at: at + after, path: '', life: 'x:0', to: boot })];
    const page = { boot, node, sequence: 1, transitions, ...(standing && { standing }) };
    return bus.publish(transitionSubject(node), page);
  };
  await tell('here', 'one', 0, []);
  await tell('there', 'two', 1, []);
  await tell('here', 'three', 2, []);
  await tell('there', 'four', 3, []);
  const before = async (after: number) => {
    const [found] = await read(bus, { from: new Date(at + after) });
    return found?.standing?.map(({ node, boot }) => [node, boot]);
  };
  expect(await before(2)).toEqual([['there', 'two']]);
  expect(await before(3)).toEqual([['here', 'three']]);
});

test('only what belongs to one agent', async () => {
  const { bus } = await startJournal();
  const recorder = newRecorder();
  const paths = [
    'ensemble/agents/agent:kaede',
    'ensemble/agents/agent:kaede/pane',
    'ensemble/agents/agent:kaede-two/pane',
    'services/watchdog/eye:kaede',
    'broker',
  ];
  for (const [index, path] of paths.entries()) recorder.record(transition({ path, life: `x:${index}` }));
  await flushJournal(recorder, bus, 10_000);
  const found = await read(bus, { agent: 'kaede' });
  expect(found.map(({ path }) => path)).toEqual([paths[0], paths[1], paths[3]]);
});

test('what cannot be read is left out and told', async () => {
  const { bus } = await startJournal();
  const [first, second] = numbered(2);
  const subject = transitionSubject('local');
  await bus.publish(subject, 'no JSON');
  await bus.publish(subject, { transitions: [first] });
  await bus.publish(subject, {
    boot: 'one',
    node: 'local',
    sequence: 1,
    transitions: [first, { at: 'x' }, second],
  });
  const unreadable: number[] = [];
  const found = await read(bus, { onUnreadable: ({ count }) => unreadable.push(count) });
  expect(states(found)).toEqual(named(2));
  expect(unreadable).toEqual([1, 1, 1]);
});

test('from when to when it reaches', async () => {
  const { bus } = await startJournal();
  expect(await streamExtent(bus, transitionStream)).toBeUndefined();
  const recorder = newRecorder();
  const before = Date.now();
  for (const one of numbered(201)) recorder.record(one);
  await flushJournal(recorder, bus, 10_000);
  const extent = await streamExtent(bus, transitionStream);
  expect(extent?.first.getTime()).toBeGreaterThanOrEqual(before);
  // Several messages may be stored in one millisecond.
  expect(extent?.last.getTime()).toBeGreaterThanOrEqual(extent?.first.getTime() ?? Number.POSITIVE_INFINITY);
  await expect(streamExtent(bus, 'NOBODYS')).rejects.toMatchObject({ code: 'no-stream' });
});

test('people may read it; agents may neither read nor write it', async () => {
  const { server, bus } = await startJournal();
  const recorder = newRecorder();
  for (const one of numbered(2)) recorder.record(one);
  await flushJournal(recorder, bus, 10_000);
  expect(states(await read(await server.connect('operator')))).toEqual(named(2));
  const kaede = await server.connect('kaede');
  await expect(kaede.publish(transitionSubject('local'), {}, { deadline: 30_000 })).rejects.toMatchObject({
    code: 'denied',
  });
  await expect(read(kaede)).rejects.toMatchObject({ code: 'denied' });
});

test('its stream fits the default store beside all others, compressed; made otherwise, it is brought in line', async () => {
  const bus = await (await startServer()).connect();
  const { streams } = bus.connection.manager;
  await ensureStreams(bus, [{ ...transitionStreamDefinition, maxAge: 60_000_000, compressed: false }]);
  await ensureStreams(bus, orchestraStreams({ eventSubjects: ['orchestra.task.*.*'] }));
  await ensureStreams(bus, [transitionStreamDefinition]);
  const { config } = await streams.info(transitionStream);
  expect(config).toMatchObject({ compression: 's2', max_bytes: transitionStreamDefinition.maxBytes });
});
