/** The daemon's counter: it answers the commands of the CLI and of everybody else who holds the operator's key. */
import { fromPromise } from 'xstate';
import { resourceMachine } from '../../machines/resource.machine.ts';
import { until } from '../agents/until.ts';
import { type CommandName, commandSubject, commands } from '../events/commands.ts';
import { commandHandlers } from './command-handlers.ts';
import type { World } from './world.ts';

export function controlActor(world: World) {
  let stops: (() => void)[] = [];
  const stopServing = () => {
    for (const stop of stops.splice(0)) stop();
  };
  return resourceMachine.provide({
    actors: {
      openResource: fromPromise(async ({ signal }) => {
        stopServing();
        const bus = await world.ports.bus.whenOpen(signal);
        const handlers = commandHandlers(world);
        stops = (Object.keys(commands) as CommandName[]).map((verb) =>
          bus.serve(commandSubject(verb), handlers[verb]),
        );
      }),
      watchResource: fromPromise(({ signal }) => until<void>(signal, () => () => undefined)),
      closeResource: fromPromise(async () => stopServing()),
    },
  });
}
