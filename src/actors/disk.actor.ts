/** The room on the state folder's disk under watch: a nearly full one is told, and the scheduler assigns nothing new. */
import { fromPromise } from 'xstate';
import { type ResourceInput, resourceMachine } from '../../machines/resource.machine.ts';
import { pause } from '../bus/abort.ts';
import { SpaceWatch } from '../disk/space-watch.ts';
import { ToldOnce } from './told-once.ts';
import type { World } from './world.ts';

/** Between two looks, in ms. */
const lookInterval = 5_000;

export function diskActor(world: World) {
  const { ports, state, tell, log, config } = world;
  const troubles = new ToldOnce();
  const watch = new SpaceWatch({
    folder: state.root,
    reserve: () => world.config.disk.reserve,
    onLow: ({ free, reserve }) => tell('node.disk.low', config.node, { free, reserve }),
    onRecovered: ({ free, reserve }) => tell('node.disk.recovered', config.node, { free, reserve }),
  });
  /** A look that fails says nothing about the room. */
  const look = async () => {
    try {
      await watch.look();
      troubles.forget('disk');
    } catch (error) {
      const { message } = error instanceof Error ? error : new Error(String(error));
      if (troubles.isNews('disk', message)) log.warn({ err: error }, 'disk.unseen');
    }
  };
  return resourceMachine.provide({
    actors: {
      openResource: fromPromise(async () => {
        await look();
        ports.space.fill(watch);
      }),
      watchResource: fromPromise<void, ResourceInput>(async ({ signal }) => {
        for (;;) {
          await pause(lookInterval, signal);
          await look();
        }
      }),
      closeResource: fromPromise(async () => ports.space.empty()),
    },
  });
}
