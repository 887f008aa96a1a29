/** Trap: sends are synchronous, so restarts without a delay run in one burst and the event loop starves. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fromCallback } from 'xstate';
import type { ActorChildSpec } from '../../../machines/supervision/child-start.ts';
import { isIgnore } from '../../../machines/supervision/exit-reason.ts';
import { defaultHooks } from '../../../machines/supervision/hooks.ts';
import type { SupervisorFlags } from '../../../machines/supervision/supervisor-flags.ts';
import { type SupervisorInput, supervisorMachine } from '../../../machines/supervisor.machine.ts';
import { Config } from '../../../src/config/config.ts';
import { createWorld } from '../../../src/daemon/create-world.ts';
import { backoff, orchestraTree, rootFlags } from '../../../src/orchestra.ts';
import { stateFolder } from '../../../src/state-folder/state-folder.ts';
import { findChild } from '../../../src/supervision/actor-tree.ts';
import { endOf } from '../../../src/supervision/shut-down.ts';
import { startSupervisor } from '../../../src/supervision/start-supervisor.ts';
import { childSpec } from '../../../src/supervision/supervisor-spec.ts';

/** A child that starts once and fails at every later start, on Node's own timers; and the event loop's turn at each. */
async function storm(flags: SupervisorFlags): Promise<{ turns: number[]; ended: Promise<unknown> }> {
  const turns: number[] = [];
  let turn = 0;
  let isOver = false;
  const count = (): void => {
    turn += 1;
    if (!isOver) setImmediate(count);
  };
  count();
  const logic = fromCallback<{ type: 'fail' }, object>(({ receive }) => {
    turns.push(turn);
    if (turns.length > 1) throw new Error('no start');
    receive(() => {
      throw new Error('fail');
    });
  });
  const { supervisor } = startSupervisor({ flags, children: [childSpec({ id: 'a', start: { logic } })] });
  const ended = endOf(supervisor).finally(() => {
    isOver = true;
  });
  findChild(supervisor, 'a')?.send({ type: 'fail' });
  return { turns, ended };
}

test('without backoff, as in OTP and by default, the event loop has its turn from the eleventh restart on', async () => {
  const { turns, ended } = await storm({ intensity: 200, period: 60 });
  expect(await ended).toEqual({ outcome: 'ended', reason: { kind: 'shutdown' } });
  expect(turns).toHaveLength(201);
  expect(new Set(turns.slice(0, 11)).size).toBe(1);
  expect(new Set(turns.slice(10)).size).toBe(191);
});

test.each<[string, SupervisorFlags]>([
  ["the product's backoff", { intensity: 4, period: 60, backoff }],
  ['the shortest', { intensity: 100, period: 60, backoff: { min: 1, max: 1, factor: 1, jitter: 0 } }],
  [
    'a backoff below what a timer can measure',
    { intensity: 9, backoff: { min: 1e-9, max: 1e-9, factor: 1, jitter: 0 } },
  ],
])('with %s the event loop has its turn between any two starts', async (_, flags) => {
  const { turns, ended } = await storm(flags);
  expect(turns).toHaveLength(1);
  expect(await ended).toEqual({ outcome: 'ended', reason: { kind: 'shutdown' } });
  expect(turns).toHaveLength((flags.intensity ?? 0) + 1);
  expect(new Set(turns).size).toBe(turns.length);
});

test("every supervisor of the product's tree waits before a restart", async () => {
  const flags = flagsIn(await productTree());
  expect(flags.map(([path]) => path)).toEqual([
    ...['broker', 'ensemble', 'ensemble/agents', 'ensemble/agents/agent:kaede', 'work', 'services'],
  ]);
  expect([rootFlags, ...flags.map(([, one]) => one)].map((one) => one.backoff)).toEqual(
    Array(7).fill(backoff),
  );
});

/** The children of the root of a daemon with one agent; nothing of it is started. */
async function productTree(): Promise<ActorChildSpec[]> {
  const folder = await mkdtemp(join(tmpdir(), 'orch-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const agents = { kaede: { roles: ['codegen'], adapter: 'command', command: ['true'] } };
  const config = Config.parse({ agents, flow: ['codegen'] });
  const configFile = join(folder, 'orchestra.yaml');
  return orchestraTree(createWorld({ configFile, project: folder, config, state: stateFolder(folder) }));
}

/** Of every supervisor among these children and below, with its path. */
function flagsIn(children: readonly ActorChildSpec[], above = ''): [string, SupervisorFlags][] {
  return children.flatMap(({ id, start }) => {
    if (start.logic !== supervisorMachine || typeof start.input !== 'function') return [];
    const path = above + id;
    const birth = { id, path, pid: `${id}#1`, args: undefined, hooks: defaultHooks };
    const { flags, children: below }: SupervisorInput = start.input(birth);
    return [[path, flags], ...(isIgnore(below) ? [] : flagsIn(below, `${path}/`))];
  });
}
