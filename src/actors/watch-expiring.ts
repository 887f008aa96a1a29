/** Looks now and then whether messages are about to expire that nobody has handled: a person is told before they go. */
import { pause } from '../bus/abort.ts';
import type { Bus } from '../bus/bus.ts';
import { giveUpExpiring } from '../bus/expiring.ts';
import type { World } from './world.ts';

/** Between two looks, in ms: a small part of the shortest retention, one day. */
const lookInterval = 10 * 60_000;

/** Goes on until `signal` aborts. */
export async function watchExpiring(world: World, bus: Bus, signal: AbortSignal): Promise<never> {
  for (;;) {
    try {
      await giveUpExpiring(bus, signal, ({ agent, id, reason }) =>
        world.tell('agent.message.rejected', agent, { message: id, reason }),
      );
    } catch (error) {
      if (bus.status === 'connected' && !signal.aborted)
        world.log.warn({ err: error }, 'expiring.messages.unseen');
    }
    await pause(lookInterval, signal);
  }
}
