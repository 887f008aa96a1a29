import { expect, test } from 'vitest';
import { assign, createActor, setup } from 'xstate';
import { InspectionHub } from '../../src/inspection/hub.ts';
import { EventLog } from '../../src/page/model/event-log.ts';
import { KeepingViewer, reached } from './keeping-viewer.ts';

const machine = setup({
  types: { context: {} as { ticks: number } },
  actions: { count: assign({ ticks: ({ context }) => context.ticks + 1 }) },
}).createMachine({
  id: 'counter',
  context: () => ({ ticks: 0 }),
  initial: 'a',
  on: { tick: { actions: 'count' }, tock: { actions: 'count' } },
  states: { a: { on: { go: 'b' } }, b: { on: { back: 'a' } } },
});

/** Sends events of these types at once, so that they are in one batch, and waits until they have arrived. */
async function batchOf(...types: string[]): Promise<KeepingViewer> {
  const hub = new InspectionHub();
  const actor = createActor(machine, { inspect: hub.observer }).start();
  const viewer = new KeepingViewer();
  hub.attach(viewer);
  for (const type of types) actor.send({ type });
  actor.send({ type: 'last' });
  await reached(viewer, 'last');
  return viewer;
}

const briefly = (viewer: KeepingViewer) =>
  viewer
    .snapshotsOf('')
    .map(({ event, snapshot, orchestra }) => `${event.type} ${snapshot.value} ${orchestra.edges?.join(' ')}`);

test('of successive snapshots that changed no state only the newest of a batch is sent, with the edges of all', async () => {
  const viewer = await batchOf('tick', 'tick', 'tock', 'tick');
  expect(briefly(viewer)).toEqual(['last a counter|tick|0 counter|tock|0']);
  const events = viewer.events.filter(({ type }) => type === '@xstate.event');
  expect(events).toHaveLength(5);
  expect(viewer.snapshotsOf('')[0]?.snapshot.context).toEqual({ ticks: 4 });
});

test('a move keeps its event and its edges, whatever comes right before and after it', async () => {
  expect(briefly(await batchOf('tick', 'go', 'tick', 'tick', 'back', 'go', 'tick'))).toEqual([
    'tick a counter|tick|0',
    'go b counter.a|go|0',
    'tick b counter|tick|0',
    'back a counter.b|back|0',
    'go b counter.a|go|0',
    'last b counter|tick|0',
  ]);
});

test('the mark of a routine step stays with its snapshot', async () => {
  const hub = new InspectionHub();
  const stall = setup({}).createMachine({
    id: 'stall',
    initial: 'lively',
    states: { lively: { on: { 'evidence.seen': { target: 'lively', reenter: true }, last: {} } } },
  });
  const actor = createActor(stall, { inspect: hub.observer }).start();
  const viewer = new KeepingViewer();
  hub.attach(viewer);
  for (const type of ['last', 'evidence.seen', 'last']) actor.send({ type });
  await reached(viewer, 'last');
  expect(viewer.snapshotsOf('').map(({ event, orchestra }) => [event.type, orchestra.routine])).toEqual([
    ['last', undefined],
    ['evidence.seen', true],
    ['last', undefined],
  ]);
});

test('the log of the page tells each change under the event that made it', async () => {
  const viewer = await batchOf('go', 'tick', 'back', 'tick', 'go');
  const log = new EventLog();
  log.append(viewer.baseline);
  log.append(viewer.events);
  expect(log.rows.map(({ event, from, to = '' }) => [event, from, to].join(' ').trim())).toEqual([
    'go a b',
    'tick b',
    'back b a',
    'tick a',
    'go a b',
    'last b',
  ]);
});
