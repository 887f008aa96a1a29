/** The config file under watch: a good change takes effect where it can, a bad one is told and left aside. */
import { isDeepStrictEqual } from 'node:util';
import { fromPromise } from 'xstate';
import { type ResourceInput, resourceMachine } from '../../machines/resource.machine.ts';
import type { Config } from '../config/config.ts';
import { formatFault } from '../config/config-error.ts';
import { type ConfigWatch, watchConfig } from '../config/watch-config.ts';
import type { World } from './world.ts';

/** Sections that are read anew whenever they are used; the others are fixed when the daemon starts. */
const liveSections: readonly (keyof Config)[] = [
  'push',
  'labels',
  'routes',
  'flow',
  'scheduler',
  'shutdown',
  'disk',
];

export function configActor(world: World) {
  let watching: ConfigWatch | undefined;
  return resourceMachine.provide({
    actors: {
      openResource: fromPromise(async ({ signal }) => {
        await watching?.close();
        const opened = await watchConfig(world.configFile, {
          changed: (config) => takeOver(world, config),
          rejected: (error) => {
            const faults = error.faults.length > 0 ? error.faults.map(formatFault) : [error.message];
            world.tell('node.config.rejected', world.config.node, { faults });
          },
        });
        if (signal.aborted) await opened.close();
        else watching = opened;
      }),
      watchResource: fromPromise<void, ResourceInput>(async ({ signal }) => {
        // Ended by force, it is not asked to close: a watch left behind would keep the process alive.
        signal.addEventListener('abort', () => void watching?.close(), { once: true });
        await watching?.lost;
      }),
      closeResource: fromPromise(async () => {
        await watching?.close();
        watching = undefined;
      }),
    },
  });
}

function takeOver(world: World, config: Config): void {
  const keys = Object.keys(config) as (keyof Config)[];
  const changed = keys.filter((key) => !isDeepStrictEqual(config[key], world.config[key]));
  if (changed.length === 0) return;
  const needsRestart = changed.filter((key) => !liveSections.includes(key));
  const kept = Object.fromEntries(needsRestart.map((key) => [key, world.config[key]]));
  world.config = { ...config, ...kept };
  world.tell('node.config.reloaded', world.config.node, { needsRestart });
}
