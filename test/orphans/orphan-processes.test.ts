import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { markPrefix, markVariable } from '../../src/agents/agent-place.ts';
import { findOrphanGroups } from '../../src/orphans/orphan-groups.ts';
import { findOrphanProcesses } from '../../src/orphans/orphan-processes.ts';
import { openControlGroups } from '../../src/processes/control-groups.ts';
import { findDescendants } from '../../src/processes/descendants.ts';
import { processStartTime } from '../../src/processes/process-start-time.ts';
import type { StateFolder } from '../../src/state-folder/state-folder.ts';
import { until } from '../tmux/until.ts';
import {
  cleanAll,
  leaveProcess,
  newStateFolder,
  only,
  orphansIn,
  startProcess,
  untilSleeping,
} from './left-behind.ts';

const ownersOf = (state: StateFolder, ...agents: string[]) => ({
  mark: markPrefix(state.root),
  belongs: only(...agents),
  controlGroups: undefined,
});

test('processes of an agent that is not there are ended, those of one that is are not', async () => {
  const state = await newStateFolder();
  const orphan = await leaveProcess(state, 'ghost', 'echo; exec sleep 1001');
  const other = await leaveProcess(state, 'ghost', `trap '' TERM; setsid sleep 1000 & echo; wait`);
  const [child] = await findDescendants([other.pid]);
  if (child === undefined) throw new Error('it has left nothing');
  await untilSleeping(child.pid);
  const living = await leaveProcess(state, 'kaede');
  const found = await findOrphanProcesses(ownersOf(state, 'kaede'));
  const orphans = orphansIn(found);
  expect(orphans).toContainEqual({
    kind: 'process',
    id: String(orphan.pid),
    why: 'there is no agent ghost: sleep 1001',
    remedy: 'ended',
  });
  expect(orphans.map(({ id }) => id)).toContain(String(other.pid));
  expect(orphans.map(({ id }) => id)).not.toContain(String(living.pid));
  expect(orphans).toHaveLength(3);
  expect(await cleanAll(found)).toEqual([]);
  expect(await findOrphanProcesses(ownersOf(state, 'kaede'))).toEqual([]);
  expect(await processStartTime(orphan.pid)).toBeUndefined();
  expect(await processStartTime(living.pid)).toBeDefined();
});

test("another state folder's processes, and those of people, are foreign", async () => {
  const state = await newStateFolder();
  const elsewhere = await newStateFolder();
  const foreign = await leaveProcess(elsewhere, 'ghost');
  const person = await startProcess('echo; exec sleep 1000', { [markVariable]: 'mine' });
  const alike = await startProcess('echo; exec sleep 1000', {
    [markVariable]: `${markPrefix(state.root)}0.ghost`,
  });
  const found = await findOrphanProcesses(ownersOf(state));
  expect(found).toEqual([]);
  for (const { pid } of [foreign, person, alike]) expect(await processStartTime(pid)).toBeDefined();
});

test('an agent that has come back by then is left alone', async () => {
  const state = await newStateFolder();
  const { pid } = await leaveProcess(state, 'kaede');
  let isBack = false;
  const owners = {
    ...ownersOf(state),
    belongs: (agent: string) => only(...(isBack ? ['kaede'] : []))(agent),
  };
  const found = await findOrphanProcesses(owners);
  expect(found).toHaveLength(1);
  isBack = true;
  expect(await cleanAll(found)).toEqual([{ why: 'kaede has come back' }]);
  expect(await processStartTime(pid)).toBeDefined();
});

test('what an agent starts anew, back in the middle of the cleaning, is left alone', async () => {
  const state = await newStateFolder();
  // It begins anew while what it has left is given time to end.
  const left = await leaveProcess(
    state,
    'kaede',
    `trap 'echo; sleep 1' TERM; echo; while :; do sleep 0.01; done`,
  );
  let isBack = false;
  const belongs = (agent: string) => only(...(isBack ? ['kaede'] : []))(agent);
  const [found] = await findOrphanProcesses({ ...ownersOf(state), belongs });
  const cleaning = found?.clean?.();
  await once(left.stdout ?? left, 'data');
  isBack = true;
  const anew = await leaveProcess(state, 'kaede');
  await cleaning;
  expect(await processStartTime(left.pid)).toBeUndefined();
  expect(await processStartTime(anew.pid)).toBeDefined();
});

test('a later process with the same pid is another one', async () => {
  const state = await newStateFolder();
  const { pid } = await leaveProcess(state, 'ghost');
  const [found] = await findOrphanProcesses(ownersOf(state));
  expect(found?.identity).toBe(`process ${pid} ${await processStartTime(pid)}`);
});

const recordFile = '/nonexistent/record';
const probe = await openControlGroups({
  name: `orchestra-probe-${process.pid}`,
  recordFile,
  mode: 'auto',
  passing: true,
});
probe.close();

test.skipIf(probe.reason)('who has lost the mark is found in the control group', async () => {
  const state = await newStateFolder();
  const mark = markPrefix(state.root);
  const controlGroups = await openControlGroups({
    name: `orchestra-${mark}`,
    recordFile,
    mode: 'auto',
    passing: true,
  });
  onTestFinished(async () => {
    await until(async () => {
      controlGroups.close();
      return controlGroups.names().length === 0;
    });
  });
  const owners = { mark, belongs: only('kaede'), controlGroups };
  const join = (agent: string) => `echo 0 > ${controlGroups.of(agent).open()}/cgroup.procs`;
  const { pid } = await startProcess(`${join('ghost')}; echo; exec sleep 1000`);
  const living = await startProcess(`${join('kaede')}; echo; exec sleep 1000`);
  expect(findOrphanGroups(owners)).toEqual([]);
  const found = await findOrphanProcesses(owners);
  expect(orphansIn(found).map(({ id }) => id)).toEqual([String(pid)]);
  expect(await cleanAll(found)).toEqual([]);
  expect(await processStartTime(pid)).toBeUndefined();
  expect(await processStartTime(living.pid)).toBeDefined();
  controlGroups.of('ghost').open();
  const groups = findOrphanGroups(owners);
  expect(orphansIn(groups)).toEqual([
    { kind: 'control-group', id: 'ghost', why: 'empty; there is no agent ghost', remedy: 'removed' },
  ]);
  expect(await cleanAll(groups)).toEqual([]);
  expect(controlGroups.names()).toEqual(['kaede']);
  controlGroups.of('kaede').kill();
});
