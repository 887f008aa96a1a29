/** The overview window: all agents side by side, drawn while somebody looks. */
import { fromCallback, fromPromise } from 'xstate';
import { reconcilerMachine } from '../../machines/reconciler.machine.ts';
import { drawOverview } from '../tmux/overview.ts';
import { windowName } from './pane.actor.ts';
import type { World } from './world.ts';

export function overviewActor(world: World) {
  return reconcilerMachine.provide({
    actors: {
      openSubject: fromPromise(() => Promise.resolve()),
      watchSubject: fromCallback(() => undefined),
      reconcile: fromPromise(async () => {
        // Without tmux there is nothing to draw on; its supervisor is at work.
        const tmux = world.ports.tmux.peek();
        if (!tmux) return;
        const cells = [...world.places.values()].flatMap((place) => {
          const pane = place.pane.peek();
          if (!pane) return [];
          const present = world.ports.presence.peek()?.get(place.name);
          return [{ title: windowName(place, present?.task ? `#${present.task}` : ''), pane }];
        });
        await drawOverview(tmux, cells).catch((error: Error) =>
          world.log.debug({ err: error }, 'overview.failed'),
        );
      }),
      closeSubject: fromPromise(() => Promise.resolve()),
    },
  });
}
