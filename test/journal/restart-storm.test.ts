/** A supervisor that restarts a child hundreds of times at once, under the hub and with a bus that is killed meanwhile. */
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { createMachine } from 'xstate';
import { transitionStreamDefinition } from '../../src/bus/stream-definitions.ts';
import { ensureStreams } from '../../src/bus/streams.ts';
import { InspectionHub } from '../../src/inspection/hub.ts';
import type { Transition } from '../../src/inspection/transition.ts';
import type { RecordedTransition } from '../../src/journal/journal-page.ts';
import { readTransitions } from '../../src/journal/read-transitions.ts';
import { JournalRecorder } from '../../src/journal/recorder.ts';
import { flushJournal, writeJournal } from '../../src/journal/write-journal.ts';
import { endOf } from '../../src/supervision/shut-down.ts';
import { startSupervisor } from '../../src/supervision/start-supervisor.ts';
import { childSpec } from '../../src/supervision/supervisor-spec.ts';
import { startServer } from '../bus/real-bus.ts';

const restarts = 500;

/** Works for a moment and throws, life after life. */
const crashing = createMachine({
  id: 'crashing',
  initial: 'working',
  states: {
    working: { after: { 1: 'failing' } },
    failing: {
      entry: () => {
        throw new Error('again');
      },
    },
  },
});

test('every life is there from its start to its end, in order', async () => {
  const server = await startServer();
  const bus = await server.connect();
  await ensureStreams(bus, [transitionStreamDefinition]);
  const hub = new InspectionHub();
  const recorder = new JournalRecorder({ boot: 'one', node: 'local' });
  const told: Transition[] = [];
  hub.onTransition((transition) => told.push(transition));
  hub.onTransition((transition) => recorder.record(transition));
  const over = new AbortController();
  const writing = writeJournal(recorder, bus, over.signal).catch(() => undefined);

  const { supervisor } = startSupervisor(
    {
      flags: { strategy: 'one_for_one', intensity: restarts, period: 3_600, backoff: 'none' },
      children: [childSpec({ id: 'storm', start: { logic: crashing } })],
    },
    { inspect: hub.observer },
  );
  await server.crash();
  await endOf(supervisor);
  over.abort();
  await writing;
  expect(await flushJournal(recorder, bus, 30_000)).toBe(0);

  const recorded: RecordedTransition[] = [];
  for await (const one of readTransitions(bus, { from: new Date(0) })) recorded.push(one);
  expect(recorded.map(({ boot, node, standing, ...one }) => one)).toEqual(told);
  const storm = recorded.filter(({ path }) => path === 'storm');
  expect(storm.filter(({ from }) => from === null)).toHaveLength(restarts + 1);
  expect(storm.filter(({ status }) => status === 'error')).toHaveLength(restarts + 1);
  for (const [index, one] of storm.entries()) {
    const before = storm[index - 1];
    const follows = one.from === null ? before?.status !== 'active' : before?.life === one.life;
    expect(follows).toBe(true);
    if (one.from !== null) expect(isDeepStrictEqual(one.from, before?.to)).toBe(true);
  }
});
