/** Trap: an event to an actor that has ended is lost in silence; only XState's development build says so. */
import { expect, test, vi } from 'vitest';
import { createActor, setup } from 'xstate';
import {
  startChild,
  startDynamicChild,
  terminateChild,
  whichChildren,
} from '../../../src/supervision/calls.ts';
import { shutDown } from '../../../src/supervision/shut-down.ts';
import type { RootSupervisor } from '../../../src/supervision/start-supervisor.ts';
import { supervisorSpec } from '../../../src/supervision/supervisor-spec.ts';
import { answerOf, crash, openStage } from '../stage.ts';

/** What XState's development build warns of while `act` runs. */
async function warnings(act: () => unknown): Promise<unknown[]> {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  await act();
  const said = warn.mock.calls.map(([message]) => message);
  warn.mockRestore();
  return said;
}

test('XState alone: the tests run on its development build, which warns', async () => {
  const actor = createActor(setup({}).createMachine({})).start();
  actor.stop();
  expect(await warnings(() => actor.send({ type: 'late' }))).toEqual([
    expect.stringContaining('was sent to stopped actor'),
  ]);
});

test('in crashes, restarts, kills and calls at any time no supervisor talks to the dead', async () => {
  const stage = openStage();
  const { worker, clock } = stage;
  const hung = { drain: 'for ever' } as const;
  const said = await warnings(async () => {
    const flags = { strategy: 'one_for_all', intensity: 9, period: 60 } as const;
    const root = await stage.start(flags, [
      worker('a'),
      supervisorSpec('inner', flags, [worker('b'), worker('c', hung, { shutdown: 50 })], { shutdown: 20 }),
      worker('d', { endAfter: 500 }, { restart: 'temporary' }),
    ]);
    crash(root, 'inner/b');
    await clock.advance(100);
    crash(root, 'a');
    crash(root, 'd');
    await clock.advance(100);
    const { supervisor } = root;
    expect(await answerOf(stage, startChild(supervisor, worker('e')))).toMatchObject({ ok: true });
    crash(root, 'e');
    await clock.advance(1000);
    expect(await answerOf(stage, terminateChild(supervisor, 'e'))).toEqual({ ok: true });
    const ended = shutDown(supervisor, 10, clock);
    await clock.advance(1000);
    expect(await ended).toMatchObject({ outcome: 'killed' });
    expect(await whichChildren(supervisor)).toEqual({ ok: false, error: 'noproc' });
    expect(await shutDown(supervisor, 10, clock)).toMatchObject({ outcome: 'ended' });
  });
  expect(said).toEqual([]);
});

test("nor does what clears up after a supervisor that crashed before it had heard of its children's ends", async () => {
  let isBroken = false;
  const now = (): number => {
    if (isBroken) throw new Error('no time');
    return 0;
  };
  const { worker, start, clock, log } = openStage();
  const root = await start({}, [supervisorSpec('inner', {}, [worker('a'), worker('b')], { hooks: { now } })]);
  isBroken = true;
  expect(
    await warnings(async () => {
      crash(root, 'inner/a');
      await clock.advance(0);
    }),
  ).toEqual([]);
  expect(log).toEqual(['0 +a', '0 +b', '0 -a', '0 -b']);
});

test('an order that crosses the end of a child is lost, and that end is the answer to it', async () => {
  const stage = openStage();
  let root: RootSupervisor | undefined;
  const kill = (): void => {
    if (root) crash(root, 'job-1');
  };
  const template = stage.worker('job', {}, { shutdown: 'brutal_kill', start: { kill } });
  root = await stage.start({ strategy: 'simple_one_for_one' }, [template]);
  const { supervisor } = root;
  for (let count = 0; count < 2; count += 1) await answerOf(stage, startDynamicChild(supervisor, null));
  const said = await warnings(async () => {
    const ended = shutDown(supervisor, 100, stage.clock);
    await stage.clock.advance(10);
    expect(await ended).toEqual({ outcome: 'ended', reason: { kind: 'shutdown' } });
  });
  expect(said).toEqual([expect.stringContaining('"incarnation.kill" was sent to stopped actor "job-1#1')]);
  expect(stage.takeLog()).toEqual(['0 +job', '0 +job', '0 -job', '0 -job']);
});
