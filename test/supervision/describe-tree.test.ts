import { expect, test } from 'vitest';
import { findChild, findSupervisor } from '../../src/supervision/actor-tree.ts';
import { describeTree } from '../../src/supervision/describe-tree.ts';
import { supervisorSpec } from '../../src/supervision/supervisor-spec.ts';
import { crash, openStage } from './stage.ts';

test('the whole tree at one moment', async () => {
  const { worker, start, clock } = openStage();
  const flags = { strategy: 'rest_for_one', intensity: 3, period: 60 } as const;
  const root = await start(flags, [
    worker('store'),
    supervisorSpec('agents', { intensity: 2 }, [
      worker('pane'),
      worker('gone', { endAfter: 1 }, { restart: 'transient' }),
    ]),
  ]);
  await clock.advance(500);
  crash(root, 'agents/pane');
  await clock.advance(500);
  expect(describeTree(root.supervisor)).toEqual({
    path: '',
    phase: 'running',
    strategy: 'rest_for_one',
    restarts: 0,
    intensity: 3,
    children: [
      {
        ...{
          id: 'store',
          path: 'store',
          pid: 'store#1',
          state: 'running',
          type: 'worker',
          restart: 'permanent',
        },
        ...{ failures: 0, uptime: 1000, value: 'working', supervisor: null },
      },
      {
        ...{ id: 'agents', path: 'agents', pid: 'agents#1', state: 'running', type: 'supervisor' },
        ...{ restart: 'permanent', failures: 0, uptime: 1000, value: { running: 'idle' } },
        supervisor: {
          ...{ path: 'agents', phase: 'running', strategy: 'one_for_one', restarts: 1, intensity: 2 },
          children: [
            {
              ...{ id: 'pane', path: 'agents/pane', pid: 'pane#2', state: 'running', type: 'worker' },
              ...{ restart: 'permanent', failures: 1, uptime: 499, value: 'working', supervisor: null },
            },
            {
              ...{ id: 'gone', path: 'agents/gone', pid: null, state: 'undefined', type: 'worker' },
              ...{ restart: 'transient', failures: 0, uptime: null, value: null, supervisor: null },
            },
          ],
        },
      },
    ],
  });
  await clock.advance(5500);
  expect(describeTree(root.supervisor).children[1]?.supervisor?.restarts).toBe(0);
});

test('children are found by path, with slashes in ids as a list', async () => {
  const { worker, start, clock } = openStage();
  const agent = supervisorSpec('agent:kaede', {}, [worker('pane'), worker('owner/repo')]);
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
