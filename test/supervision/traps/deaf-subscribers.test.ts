/** Trap: whoever subscribes without an error listener turns a crash that is handled into an uncaught exception. */
import { expect, test, vi } from 'vitest';
import { createActor, fromCallback, setup } from 'xstate';
import { startChild } from '../../../src/supervision/calls.ts';
import { endOf } from '../../../src/supervision/shut-down.ts';
import { supervisorSpec } from '../../../src/supervision/supervisor-spec.ts';
import { crash, openStage, supervisorAt } from '../stage.ts';
import { filesWith } from './product-sources.ts';

/** What is thrown where nobody can catch it while `act` runs: XState does so from a timer of Node's. */
async function uncaught(act: () => unknown): Promise<unknown[]> {
  const thrown: unknown[] = [];
  const timers = vi.spyOn(globalThis, 'setTimeout').mockImplementation(((callback: () => void) => {
    try {
      callback();
    } catch (error) {
      thrown.push(error);
    }
  }) as typeof setTimeout);
  await act();
  timers.mockRestore();
  return thrown;
}

test('XState alone: a listener for snapshots is enough to end the process', async () => {
  const crashing = fromCallback(({ receive }) => {
    receive(() => {
      throw new Error('crash');
    });
  });
  const machine = setup({ actors: { crashing } }).createMachine({
    invoke: { id: 'child', src: 'crashing' },
    on: { 'xstate.error.actor.child': {} },
  });
  const crashOf = (isWatched: boolean) => () => {
    const child = createActor(machine).start().getSnapshot().children['child'];
    if (isWatched) child?.subscribe(() => undefined);
    child?.send({ type: 'crash' });
  };
  expect(await uncaught(crashOf(false))).toEqual([]);
  expect(await uncaught(crashOf(true))).toMatchObject([{ message: 'crash' }]);
});

test('those who wait for a supervisor that crashes get their answer, and nothing is uncaught', async () => {
  let isBroken = false;
  const now = (): number => {
    if (isBroken) throw new Error('no time');
    return 0;
  };
  const { worker, start, clock } = openStage({ now });
  const root = await start({}, [supervisorSpec('inner', {}, [worker('a')])]);
  const ready = { start: { ready: 'event' } } as const;
  const answer = startChild(supervisorAt(root, 'inner'), worker('slow', {}, ready));
  const end = endOf(root.supervisor);
  isBroken = true;
  const thrown = await uncaught(async () => {
    crash(root, 'inner/a');
    await clock.advance(0);
  });
  expect(thrown).toEqual([]);
  expect(await answer).toEqual({ ok: false, error: 'noproc' });
  expect(await end).toMatchObject({ outcome: 'crashed', error: { message: 'no time' } });
});

test('whoever subscribes to an actor in the product names what happens with an error', async () => {
  // Bus and backup have NATS's subscriptions, and the page, in its browser, has no actors.
  const hasActors = (path: string) => !/^src\/(?:bus|backup|page)\//u.test(path);
  const subscribers = await filesWith(/\.subscribe\(/u, hasActors);
  const careful = await filesWith(/\.subscribe\(\{[^}]*\berror\b/u, hasActors);
  expect(subscribers.length).toBeGreaterThan(0);
  expect(careful).toEqual(subscribers);
});
