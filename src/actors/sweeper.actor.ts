/** The sweeper: looks for what belongs to nobody when everything is up, whenever an agent begins anew, and from time to time. */
import { fromCallback, fromPromise } from 'xstate';
import { reconcilerMachine } from '../../machines/reconciler.machine.ts';
import type { Orphan } from '../orphans/orphan.ts';
import { type Finder, Sweep, type Swept } from '../orphans/sweep.ts';
import { orphanFinders } from './orphan-finders.ts';
import { ToldOnce } from './told-once.ts';
import type { World } from './world.ts';

/** How far apart the two looks are that come before anything is done, at most, in ms. */
const longestGap = 5_000;

export function sweeperActor(world: World, finders: readonly Finder[] = orphanFinders(world)) {
  const { ports, config, log } = world;
  const told = new ToldOnce();
  return reconcilerMachine.provide({
    actors: {
      openSubject: fromPromise(async () => {
        const sweep = new Sweep({
          finders,
          gapMs: Math.min(longestGap, config.sweep.interval),
          onProblem: (error) => log.warn({ err: error }, 'sweep.failed'),
        });
        ports.sweep.fill(sweep);
      }),
      watchSubject: fromCallback(({ sendBack }) => {
        const changed = () => sendBack({ type: 'subject.changed' });
        const stopped = new AbortController();
        // Rejected means stopped.
        ports.tracker.whenOpen(stopped.signal).then(changed, () => undefined);
        const availability = new Map<string, string>();
        // Whoever begins anew may have left something, as a git lock that stops its successor.
        const unwatch = ports.presence.peek()?.onChange((present) => {
          const before = availability.get(present.agent);
          availability.set(present.agent, present.availability);
          if (present.availability === 'starting' && before !== undefined && before !== 'starting') changed();
        });
        return () => {
          stopped.abort();
          unwatch?.();
        };
      }),
      reconcile: fromPromise(async ({ signal }) => {
        if (world.stopping) return;
        tellSwept(world, await ports.sweep.get().clean(signal), told);
      }),
      closeSubject: fromPromise(async () => ports.sweep.empty()),
    },
  });
}

/** Tells what was cleaned, and of each that is kept once. */
function tellSwept(world: World, { cleaned, left }: Swept, told: ToldOnce): void {
  tellCleaned(world, cleaned);
  told.keep(new Set(left.map(nameOf)));
  for (const orphan of left) {
    const { kind, id, why, advice } = orphan;
    if (!told.isNews(nameOf(orphan), why)) continue;
    world.tell('node.orphan.kept', world.config.node, { kind, id, why, ...(advice && { advice }) });
  }
}

export function tellCleaned({ tell, config }: World, cleaned: readonly Orphan[]): void {
  for (const { kind, id, why } of cleaned) tell('node.orphan.cleaned', config.node, { kind, id, why });
}

const nameOf = ({ kind, id }: Orphan): string => `${kind} ${id}`;
