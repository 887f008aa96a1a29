/** What agents' programs print: looked after, so that it is taken down whatever became of the writer. */
import { fromCallback, fromPromise } from 'xstate';
import { reconcilerMachine } from '../../machines/reconciler.machine.ts';
import type { AgentPlace } from '../agents/agent-place.ts';
import { runOption } from '../tmux/tmux.ts';
import { ToldOnce } from './told-once.ts';
import type { World } from './world.ts';

export function outputActor(world: World) {
  const told = new ToldOnce();
  return reconcilerMachine.provide({
    actors: {
      openSubject: fromPromise(() => Promise.resolve()),
      watchSubject: fromCallback(() => undefined),
      reconcile: fromPromise(async () => {
        // A server that goes down meanwhile takes its panes with it; their supervisors know.
        await keepAll(world, told).catch((error: Error) => world.log.debug({ err: error }, 'output.failed'));
      }),
      closeSubject: fromPromise(() => Promise.resolve()),
    },
  });
}

async function keepAll(world: World, told: ToldOnce): Promise<void> {
  const panes = await world.ports.tmux.peek()?.listPanes([runOption]);
  // A new pane lives for a moment before it is given a program.
  const programmed = panes?.filter(({ dead, options }) => !dead && options[runOption] !== undefined);
  const living = new Set(programmed?.map(({ pane }) => pane));
  for (const place of world.places.values()) {
    const pane = place.pane.peek();
    if (pane !== undefined && living.has(pane)) await keep(world, place, told);
  }
}

/** On a full disk every new writer ends at once: the gap is told when it begins. */
async function keep(world: World, { name, tmux, pane, output }: AgentPlace, told: ToldOnce): Promise<void> {
  const isMissing = await tmux.get().keepOutput(pane.get(), output);
  if (!isMissing) return told.forget(name);
  const reason = 'nobody took it down: its writer had ended';
  if (told.isNews(name, reason)) world.tell('agent.output.gap', name, { reason });
}
