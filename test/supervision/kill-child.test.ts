/** Killing a child from outside, and what is read off the tree afterwards. */
import { expect, test } from 'vitest';
import { aftermathOf } from '../../src/supervision/aftermath.ts';
import { describeTree } from '../../src/supervision/describe-tree.ts';
import { victimAt } from '../../src/supervision/kill-child.ts';
import type { RootSupervisor } from '../../src/supervision/start-supervisor.ts';
import { SupervisionHistory } from '../../src/supervision/supervision-history.ts';
import { supervisorSpec } from '../../src/supervision/supervisor-spec.ts';
import { openStage, type Stage } from './stage.ts';

/** A worker, and a supervisor of three with `kill` hooks. */
async function openTree(
  flags: object = {},
  restart: 'permanent' | 'transient' = 'permanent',
): Promise<Stage & { root: RootSupervisor; history: SupervisionHistory; killed: string[] }> {
  const killed: string[] = [];
  const history = new SupervisionHistory(() => stage.clock.now());
  const stage = openStage({ report: (report) => history.hear(report) });
  const child = (id: string) =>
    stage.worker(id, {}, { start: { kill: (cause) => void killed.push(`${id} ${cause}`) } });
  const children = ['pane', 'session', 'work'].map(child);
  const root = await stage.start({ strategy: 'rest_for_one', intensity: 3, period: 60 }, [
    stage.worker('store'),
    supervisorSpec('agent', { strategy: 'rest_for_one', intensity: 1, period: 60, ...flags }, children, {
      restart,
    }),
  ]);
  return { ...stage, root, history, killed };
}

function kill({ supervisor }: RootSupervisor, path: string): void {
  const victim = victimAt(supervisor, path);
  if (!victim.ok) throw new Error(victim.error);
  victim.kill();
}

test('a killed child is ended by force, and restarted by the rules with those bound to it', async () => {
  const { root, clock, history, killed } = await openTree();
  const before = describeTree(root.supervisor);
  kill(root, 'agent/session');
  expect(aftermathOf(before, describeTree(root.supervisor, { history }), 'agent/session')).toBeUndefined();
  await clock.advance(10);
  expect(killed).toEqual(['session brutal']);
  const aftermath = aftermathOf(before, describeTree(root.supervisor, { history }), 'agent/session');
  expect(aftermath).toMatchObject({
    child: { pid: 'session#2', restarts: 1, lastExit: { reason: 'killed' } },
    companions: [{ id: 'work', pid: 'work#2' }],
    ended: [],
    survivor: { path: 'agent', restarts: 1 },
  });
});

test('a killed supervisor takes everything below it with it, kill hooks and all', async () => {
  const { root, clock, killed } = await openTree();
  const before = describeTree(root.supervisor);
  kill(root, 'agent');
  await clock.advance(10);
  expect(killed).toEqual(['work orphaned', 'session orphaned', 'pane orphaned']);
  expect(aftermathOf(before, describeTree(root.supervisor), 'agent')).toMatchObject({
    child: { pid: 'agent#2', state: 'running' },
    companions: [],
    ended: [],
    survivor: { path: '', restarts: 1 },
  });
});

test('one kill too many ends the supervisor, and who is above it goes on', async () => {
  const { root, clock, history } = await openTree({ intensity: 0 });
  const before = describeTree(root.supervisor);
  kill(root, 'agent/pane');
  await clock.advance(10);
  expect(aftermathOf(before, describeTree(root.supervisor, { history }), 'agent/pane')).toMatchObject({
    child: { pid: 'pane#1' },
    companions: [],
    ended: [{ path: 'agent', pid: 'agent#2', lastExit: { reason: 'too many restarts of pane' } }],
    survivor: { path: '' },
  });
});

test('where the supervisor stays out, the child is not there any more', async () => {
  const { root, clock, history } = await openTree({ intensity: 0 }, 'transient');
  const before = describeTree(root.supervisor);
  kill(root, 'agent/pane');
  await clock.advance(10);
  expect(aftermathOf(before, describeTree(root.supervisor, { history }), 'agent/pane')).toMatchObject({
    child: undefined,
    ended: [{ path: 'agent', state: 'undefined', lastExit: { reason: 'too many restarts of pane' } }],
  });
});

test('what cannot be killed says why', async () => {
  const { root, clock } = await openTree({ backoff: { min: 500, max: 500, factor: 1, jitter: 0 } });
  const { supervisor } = root;
  expect(victimAt(supervisor, '')).toEqual({ ok: false, error: 'root' });
  expect(victimAt(supervisor, 'agent/pan')).toEqual({ ok: false, error: 'unknown', nearest: 'agent/pane' });
  expect(victimAt(supervisor, 'agent')).toMatchObject({ ok: true, path: 'agent', pid: 'agent#1' });
  kill(root, 'agent/pane');
  await clock.advance(100);
  const notRunning = { ok: false, error: 'not_running' };
  expect(victimAt(supervisor, 'agent/pane')).toEqual({ ...notRunning, state: 'restarting' });
  expect(victimAt(supervisor, 'agent/work')).toEqual({ ...notRunning, state: 'undefined' });
});
