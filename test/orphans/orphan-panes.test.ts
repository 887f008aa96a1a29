import { expect, test } from 'vitest';
import { agentOption } from '../../src/adoption/judge.ts';
import { markVariable } from '../../src/agents/agent-place.ts';
import { findOrphanPanes } from '../../src/orphans/orphan-panes.ts';
import { processStartTime } from '../../src/processes/process-start-time.ts';
import { readMarks } from '../../src/processes/process-table.ts';
import type { PaneId } from '../../src/tmux/pane-id.ts';
import type { Tmux } from '../../src/tmux/tmux.ts';
import { newRunId, openServer } from '../tmux/open-server.ts';
import { until } from '../tmux/until.ts';
import { cleanAll, only, orphansIn } from './left-behind.ts';

const mark = 'abc';

/** A pane as an agent's is, with its program in it: between fork and exec a process does not carry its mark yet. */
async function agentPane(tmux: Tmux, agent: string, marked = `${mark}.${agent}`) {
  const pane = await tmux.createWindow({ name: agent, options: { [agentOption]: agent } });
  const environment = { [markVariable]: marked };
  const { pid } = await tmux.run(pane, {
    runId: newRunId(),
    argv: ['sleep', '1000'],
    cwd: '/',
    environment,
  });
  await until(async () => (await readMarks(markVariable, marked)).has(pid));
  return { pane, pid };
}

const owners = (panes: Record<string, PaneId>, ...agents: string[]) => ({
  mark,
  belongs: only(...agents),
  paneOf: (agent: string) => panes[agent],
});

test('the pane of an agent that is not configured any more is removed with what runs in it', async () => {
  const { tmux } = await openServer();
  const kaede = await agentPane(tmux, 'kaede');
  const ghost = await agentPane(tmux, 'ghost');
  const idle = await tmux.createWindow({ name: 'idle', options: { [agentOption]: 'idle' } });
  await until(async () => (await tmux.listPanes()).find(({ pane, dead }) => pane === idle && dead));
  const found = await findOrphanPanes(tmux, owners({ kaede: kaede.pane }, 'kaede'));
  expect(orphansIn(found)).toEqual([
    { kind: 'pane', id: ghost.pane, why: 'there is no agent ghost', remedy: 'removed' },
    { kind: 'pane', id: idle, why: 'there is no agent idle', remedy: 'removed' },
  ]);
  expect(await cleanAll(found)).toEqual([]);
  expect(await processStartTime(ghost.pid)).toBeUndefined();
  expect(await processStartTime(kaede.pid)).toBeDefined();
  const panes = (await tmux.listPanes()).map(({ pane }) => pane);
  expect(panes).toContain(kaede.pane);
  expect(panes).not.toContain(ghost.pane);
  expect(panes).not.toContain(idle);
});

test('a second pane of an agent, which nobody watches, is removed; while none is watched, none is judged', async () => {
  const { tmux } = await openServer();
  const watched = await agentPane(tmux, 'kaede');
  const other = await agentPane(tmux, 'kaede');
  expect(await findOrphanPanes(tmux, owners({}, 'kaede'))).toEqual([]);
  const found = await findOrphanPanes(tmux, owners({ kaede: watched.pane }, 'kaede'));
  expect(orphansIn(found)).toMatchObject([{ id: other.pane, why: `kaede lives in ${watched.pane}` }]);
  await cleanAll(found);
  expect(await processStartTime(other.pid)).toBeUndefined();
  expect(await processStartTime(watched.pid)).toBeDefined();
});

test("a person's own window, and one that only says it is an agent's, are left alone", async () => {
  const { tmux } = await openServer();
  const [own = ''] = await tmux.command('new-window', '-d', '-P', '-F', '#{pane_id}', '--', 'sleep', '1000');
  const forged = await agentPane(tmux, 'ghost', 'elsewhere.ghost');
  const alike = await agentPane(tmux, 'ghost', `${mark}.somebody`);
  expect(await findOrphanPanes(tmux, owners({}))).toEqual([]);
  const panes = (await tmux.listPanes()).map(({ pane }) => pane);
  expect(panes).toEqual(expect.arrayContaining([own, forged.pane, alike.pane]));
});

test("a pane that a person has split off in an agent's window stays", async () => {
  const { tmux } = await openServer();
  const ghost = await agentPane(tmux, 'ghost');
  const split = ['split-window', '-d', '-t', ghost.pane, '-P', '-F', '#{pane_id}', '--', 'sleep', '1000'];
  const [own] = await tmux.command(...split);
  await cleanAll(await findOrphanPanes(tmux, owners({})));
  const panes = (await tmux.listPanes()).map(({ pane }) => pane);
  expect(panes).toContain(own);
  expect(panes).not.toContain(ghost.pane);
});

test('one that an agent takes up meanwhile stays', async () => {
  const { tmux } = await openServer();
  const { pane, pid } = await agentPane(tmux, 'kaede');
  const agents: string[] = [];
  const found = await findOrphanPanes(tmux, {
    mark,
    belongs: (agent) => only(...agents)(agent),
    paneOf: () => pane,
  });
  agents.push('kaede');
  expect(await cleanAll(found)).toEqual([{ why: 'kaede has taken it up' }]);
  expect(await processStartTime(pid)).toBeDefined();
});

test('a pane that is gone by then is no trouble', async () => {
  const { tmux } = await openServer();
  const { pane } = await agentPane(tmux, 'ghost');
  const found = await findOrphanPanes(tmux, owners({}));
  await tmux.killPane(pane);
  expect(await cleanAll(found)).toEqual([]);
});
