/** An agent's session: the conversation with its program, and the desk that takes its reports and questions off the bus. */
import { fromPromise } from 'xstate';
import { sessionMachine } from '../../machines/session.machine.ts';
import type { AgentPlace } from '../agents/agent-place.ts';
import { until } from '../agents/until.ts';
import { serveAgent } from './serve-agent.ts';
import type { World } from './world.ts';

export function sessionActor(world: World, place: AgentPlace) {
  let stopServing: (() => void) | undefined;
  return sessionMachine.provide({
    actors: {
      openConversation: fromPromise(async ({ signal }) => {
        place.conversation.empty();
        stopServing?.();
        stopServing = serveAgent(world, place, await world.ports.bus.whenOpen(signal));
        const conversation = place.adapter.converse();
        await conversation.ready(signal);
        signal.throwIfAborted();
        place.conversation.fill(conversation);
        world.tell('agent.session.opened', place.name, {});
      }),
      watchConversation: fromPromise(async ({ signal }) => {
        // Loss of the program is the pane's to see; loss of the bus mends itself. What is left is an end by request.
        await until(signal, () => () => undefined);
      }),
      closeConversation: fromPromise(async () => {
        stopServing?.();
        stopServing = undefined;
        await place.conversation.peek()?.close();
        place.conversation.empty();
      }),
    },
  });
}
