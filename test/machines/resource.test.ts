/** What is opened, watched and closed: the resource, and the session and pane that go the same way. */
import { describe, expect, test } from 'vitest';
import { type OpenedPane, type PaneInput, paneMachine } from '../../machines/pane.machine.ts';
import { type ResourceInput, resourceMachine } from '../../machines/resource.machine.ts';
import { type SessionInput, sessionMachine } from '../../machines/session.machine.ts';
import { shutdown } from '../../machines/supervision/exit-reason.ts';
import { promised, stageChild } from './child-stage.ts';

const ready = [{ type: 'child.ready' }];
const orderly = { type: 'done', output: shutdown };
const crash = (message: string) => ({ type: 'crashed', error: new Error(message) });

/** The pane as its watcher and its closer get it. */
type KnownPane = PaneInput & { opened: OpenedPane | null };

function play<Input extends object>() {
  return { open: promised<Input>(), watch: promised<Input>(), close: promised<Input>() };
}

const kinds = [
  {
    kind: 'resource',
    async stage() {
      const actors = play<ResourceInput>();
      const machine = resourceMachine.provide({
        actors: {
          openResource: actors.open.logic,
          watchResource: actors.watch.logic,
          closeResource: actors.close.logic,
        },
      });
      return { ...actors, stage: await stageChild(machine, { resource: 'nats-server' }) };
    },
  },
  {
    kind: 'session',
    async stage() {
      const actors = play<SessionInput>();
      const machine = sessionMachine.provide({
        actors: {
          openConversation: actors.open.logic,
          watchConversation: actors.watch.logic,
          closeConversation: actors.close.logic,
        },
      });
      return { ...actors, stage: await stageChild(machine, { agent: 'kaede' }) };
    },
  },
  { kind: 'pane, once cleared', stage: clearedPane },
];

async function clearedPane() {
  const adopt = promised<PaneInput, OpenedPane | null>();
  const clear = promised<PaneInput>();
  const open = promised<PaneInput, OpenedPane>();
  const { watch, close } = play<KnownPane>();
  const machine = paneMachine.provide({
    actors: {
      adoptPane: adopt.logic,
      endOrphans: clear.logic,
      openPane: open.logic,
      watchPane: watch.logic,
      closePane: close.logic,
    },
  });
  const stage = await stageChild(machine, { agent: 'kaede' });
  adopt.latest().resolve(null);
  await stage.settle();
  clear.latest().resolve();
  await stage.settle();
  const opened = { ...open.latest(), resolve: () => open.latest().resolve({ pane: '%1', run: 'r1' }) };
  return { open: { ...open, latest: () => opened }, watch, close, stage };
}

describe.each(kinds)('$kind', ({ stage: begin }) => {
  test('is opened, says that it is ready, is closed on request and ends as asked', async () => {
    const { stage, open, watch, close } = await begin();
    expect(stage).toMatchObject({ state: 'opening', said: [] });
    open.latest().resolve();
    await stage.settle();
    expect(stage).toMatchObject({ state: 'open', said: ready });
    await stage.send({ type: 'shutdown' });
    expect(stage).toMatchObject({ state: 'closing', end: undefined });
    expect(watch.latest().signal.aborted).toBe(true);
    close.latest().resolve();
    await stage.settle();
    expect(stage).toMatchObject({ state: 'closed', end: orderly, said: ready });
  });

  test('a second request while it is closing changes nothing', async () => {
    const { stage, open, close } = await begin();
    open.latest().resolve();
    await stage.settle();
    await stage.send({ type: 'shutdown' });
    await stage.send({ type: 'shutdown' });
    expect(close.calls).toHaveLength(1);
  });

  test('crashes when it cannot be opened, and never says that it is ready', async () => {
    const { stage, open } = await begin();
    open.latest().reject(new Error('no room'));
    await stage.settle();
    expect(stage).toMatchObject({ end: crash('no room'), said: [] });
  });

  test('crashes when it is lost', async () => {
    const { stage, open, watch, close } = await begin();
    open.latest().resolve();
    await stage.settle();
    watch.latest().reject(new Error('gone'));
    await stage.settle();
    expect(stage.end).toEqual(crash('gone'));
    expect(close.calls).toHaveLength(0);
  });

  test('crashes when it cannot be closed', async () => {
    const { stage, open, close } = await begin();
    open.latest().resolve();
    await stage.settle();
    await stage.send({ type: 'shutdown' });
    close.latest().reject(new Error('stuck'));
    await stage.settle();
    expect(stage.end).toEqual(crash('stuck'));
  });
});

describe('pane', () => {
  test('opens nothing before what an earlier life left is ended, and crashes when that fails', async () => {
    const adopt = promised<PaneInput, OpenedPane | null>();
    const clear = promised<PaneInput>();
    const open = promised<PaneInput, OpenedPane>();
    const actors = { adoptPane: adopt.logic, endOrphans: clear.logic, openPane: open.logic };
    const stage = await stageChild(paneMachine.provide({ actors }), { agent: 'kaede' });
    adopt.latest().resolve(null);
    await stage.settle();
    expect(stage.state).toBe('clearing');
    clear.latest().reject(new Error('processes 7 cannot be ended'));
    await stage.settle();
    expect(stage.end).toEqual(crash('processes 7 cannot be ended'));
    expect(open.calls).toHaveLength(0);
  });

  test('watches and closes the pane that was adopted; nothing is ended and nothing opened', async () => {
    const adopt = promised<PaneInput, OpenedPane | null>();
    const { watch, close } = play<KnownPane>();
    const actors = { adoptPane: adopt.logic, watchPane: watch.logic, closePane: close.logic };
    const stage = await stageChild(paneMachine.provide({ actors }), { agent: 'kaede' });
    adopt.latest().resolve({ pane: '%7', run: 'r7' });
    await stage.settle();
    expect(stage.state).toBe('open');
    const opened = { agent: 'kaede', opened: { pane: '%7', run: 'r7' } };
    expect(watch.latest().input).toMatchObject(opened);
    await stage.send({ type: 'shutdown' });
    expect(close.latest().input).toMatchObject(opened);
  });

  test('watches and closes the pane that was opened', async () => {
    const { stage, open, watch, close } = await clearedPane();
    open.latest().resolve();
    await stage.settle();
    const opened = { agent: 'kaede', opened: { pane: '%1', run: 'r1' } };
    expect(watch.latest().input).toMatchObject(opened);
    await stage.send({ type: 'shutdown' });
    expect(close.latest().input).toMatchObject(opened);
  });
});

test.each([
  ['resource', resourceMachine, { resource: 'x' }, 'openResource'],
  ['session', sessionMachine, { agent: 'kaede' }, 'openConversation'],
  ['pane', paneMachine, { agent: 'kaede' }, 'adoptPane'],
] as const)(
  'a %s without its actors crashes and names the missing one',
  async (_name, machine, input, actor) => {
    const stage = await stageChild(machine, input);
    expect(stage.end).toEqual(crash(`the actor "${actor}" was not provided`));
  },
);
