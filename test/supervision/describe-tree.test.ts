import { expect, test } from 'vitest';
import { findChild, findSupervisor } from '../../src/supervision/actor-tree.ts';
import { terminateChild } from '../../src/supervision/calls.ts';
import { describeTree } from '../../src/supervision/describe-tree.ts';
import { supervisorSpec } from '../../src/supervision/supervisor-spec.ts';
import { SupervisorDescription } from '../../src/supervision/tree-description.ts';
import { answerOf, crash, openStage } from './stage.ts';

test('the whole tree at one moment', async () => {
  const { worker, start, clock } = openStage();
  const flags = { strategy: 'rest_for_one', intensity: 3, period: 60 } as const;
  const root = await start(flags, [
    worker('store'),
    supervisorSpec('agents', { intensity: 2, maxChildren: 7 }, [
      worker('pane'),
      worker('gone', { endAfter: 1 }, { restart: 'transient' }),
    ]),
  ]);
  await clock.advance(500);
  crash(root, 'agents/pane');
  await clock.advance(500);
  const rested = {
    ...{ shutdown: 5000, failures: 0, restarts: 0, retryIn: null, lastExit: null, killFailed: null },
    ...{ quarantine: null, type: 'worker', restart: 'permanent', value: 'working', supervisor: null },
  };
  expect(describeTree(root.supervisor)).toEqual({
    ...{ path: '', phase: 'running', strategy: 'rest_for_one' },
    ...{ restarts: 0, intensity: 3, period: 60, maxChildren: null },
    children: [
      { ...rested, id: 'store', path: 'store', pid: 'store#1', state: 'running', uptime: 1000 },
      {
        ...rested,
        ...{ id: 'agents', path: 'agents', pid: 'agents#1', state: 'running', type: 'supervisor' },
        ...{ shutdown: 'infinity', uptime: 1000, value: { running: 'idle' } },
        supervisor: {
          ...{ path: 'agents', phase: 'running', strategy: 'one_for_one' },
          ...{ restarts: 1, intensity: 2, period: 5, maxChildren: 7 },
          children: [
            {
              ...{ ...rested, id: 'pane', path: 'agents/pane', pid: 'pane#2', state: 'running' },
              ...{ failures: 1, uptime: 500 },
            },
            {
              ...{ ...rested, id: 'gone', path: 'agents/gone', pid: null, state: 'undefined' },
              ...{ restart: 'transient', uptime: null, value: null },
            },
          ],
        },
      },
    ],
  });
  await clock.advance(5500);
  expect(describeTree(root.supervisor).children[1]?.supervisor?.restarts).toBe(0);
});

test('what is sent is what the schema says, and nothing but JSON', async () => {
  const { worker, start } = openStage();
  const { supervisor } = await start({}, [supervisorSpec('agents', {}, [worker('pane')])]);
  const tree = describeTree(supervisor);
  expect(SupervisorDescription.parse(JSON.parse(JSON.stringify(tree)))).toStrictEqual(tree);
});

test('a restart that waits for its time, and when it is due', async () => {
  const { worker, start, clock } = openStage();
  const backoff = { min: 400, max: 5000, factor: 2, jitter: 0 };
  const root = await start({ intensity: 9, backoff }, [worker('pane')]);
  crash(root, 'pane');
  await clock.advance(100);
  const waiting = { state: 'restarting', pid: null, retryIn: 300, uptime: null, value: null };
  expect(describeTree(root.supervisor).children).toMatchObject([waiting]);
  await clock.advance(300);
  expect(describeTree(root.supervisor).children).toMatchObject([{ state: 'running', retryIn: null }]);
  expect(root.supervisor.getSnapshot().context.retries).toEqual({});
});

test('a restart that is called off is waited for no more', async () => {
  const stage = openStage();
  const backoff = { min: 400, max: 5000, factor: 2, jitter: 0 };
  const root = await stage.start({ intensity: 9, backoff }, [stage.worker('pane')]);
  crash(root, 'pane');
  await answerOf(stage, terminateChild(root.supervisor, 'pane'));
  expect(describeTree(root.supervisor).children).toMatchObject([{ state: 'undefined', retryIn: null }]);
  expect(root.supervisor.getSnapshot().context.retries).toEqual({});
});

test('children that their supervisor waits for, and what they are at meanwhile', async () => {
  const { worker, start, clock } = openStage();
  const slow = worker('slow', { readyAfter: 500, drain: 500 }, { start: { ready: 'event' } });
  const root = await start({}, [supervisorSpec('below', {}, [slow])]);
  const below = { state: 'starting', pid: 'below#1', value: 'initializing', uptime: null };
  const slowly = { state: 'starting', pid: 'slow#1', value: 'working' };
  expect(describeTree(root.supervisor)).toMatchObject({
    phase: 'initializing',
    children: [{ ...below, supervisor: { phase: 'initializing', children: [slowly] } }],
  });
  await clock.advance(500);
  root.supervisor.send({ type: 'shutdown' });
  await clock.advance(100);
  expect(describeTree(root.supervisor)).toMatchObject({
    phase: 'terminating',
    children: [{ state: 'stopping', supervisor: { children: [{ state: 'stopping', value: 'draining' }] } }],
  });
});

test('quarantine shows only while the child does not run', async () => {
  const { worker, start, clock } = openStage();
  const root = await start({}, [
    worker('here', {}, { restart: 'transient' }),
    worker('gone', { endAfter: 1 }, { restart: 'transient' }),
  ]);
  await clock.advance(1);
  const quarantine = { at: 5, reason: 'too often' };
  expect(describeTree(root.supervisor, { quarantineOf: () => quarantine }).children).toMatchObject([
    { state: 'running', quarantine: null },
    { state: 'quarantined', quarantine },
  ]);
});

test('children are found by path, with slashes in ids as a list', async () => {
  const backoff = { min: 1, max: 1, factor: 1, jitter: 0 };
  const { worker, start, clock } = openStage();
  const agent = supervisorSpec('agent:kaede', { backoff }, [worker('pane'), worker('owner/repo')]);
  const { supervisor } = await start({}, [supervisorSpec('agents', {}, [agent])]);
  expect(findChild(supervisor, 'agents/agent:kaede/pane')?.getSnapshot().value).toBe('working');
  expect(findChild(supervisor, ['agents', 'agent:kaede', 'owner/repo'])).toBeDefined();
  expect(findChild(supervisor, [])).toBe(supervisor);
  expect(findChild(supervisor, 'agents/agent:sakura/pane')).toBeUndefined();
  expect(findChild(supervisor, 'agents/agent:kaede/pane/tty')).toBeUndefined();
  expect(findSupervisor(supervisor, 'agents/agent:kaede')?.getSnapshot().value).toEqual({ running: 'idle' });
  expect(findSupervisor(supervisor, 'agents/agent:kaede/pane')).toBeUndefined();
  findChild(supervisor, 'agents/agent:kaede/pane')?.send({ type: 'crash' });
  await clock.advance(0);
  expect(findChild(supervisor, 'agents/agent:kaede/pane')).toBeUndefined();
});
