/** An agent's session: the conversation with its program, and the desk that takes its reports and questions off the bus. */
import { fromPromise } from 'xstate';
import { sessionMachine } from '../../machines/session.machine.ts';
import type { AgentPlace } from '../agents/agent-place.ts';
import type { Conversation } from '../agents/conversation.ts';
import { until } from '../agents/until.ts';
import { serveAgent } from './serve-agent.ts';
import type { World } from './world.ts';

export function sessionActor(world: World, place: AgentPlace) {
  let stopServing: (() => void) | undefined;
  let conversation: Conversation | undefined;
  /** Nothing is said or heard any more, also when it is ended by force. */
  const leave = () => {
    place.conversation.empty();
    stopServing?.();
    stopServing = undefined;
  };
  return sessionMachine.provide({
    actors: {
      openConversation: fromPromise(async ({ signal }) => {
        leave();
        stopServing = serveAgent(world, place, await world.ports.bus.whenOpen(signal));
        conversation = place.adapter.converse();
        await conversation.ready(signal);
        signal.throwIfAborted();
        place.conversation.fill(conversation);
        world.ports.sessions.peek()?.update(place.name, { ready: true });
        world.tell('agent.session.opened', place.name, {});
      }),
      watchConversation: fromPromise(async ({ signal }) => {
        // Loss of the program is the pane's to see; loss of the bus mends itself. What is left is an end by request.
        await until(signal, () => leave);
      }),
      closeConversation: fromPromise(async () => {
        leave();
        await conversation?.close();
      }),
    },
  });
}
