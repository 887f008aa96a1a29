/** Looks whether inboxes are full, and tells it once: who publishes without asking for an answer hears nothing. */
import { pause } from '../bus/abort.ts';
import type { Bus } from '../bus/bus.ts';
import { lookForFullInboxes } from '../bus/full-inboxes.ts';
import type { World } from './world.ts';

/** Between two looks, in ms. */
const lookInterval = 5_000;

/** Goes on until `signal` aborts. */
export async function watchInboxes(world: World, bus: Bus, signal: AbortSignal): Promise<never> {
  let told = new Set<string>();
  for (;;) {
    try {
      const { full, isStreamFull } = await lookForFullInboxes(bus);
      const now = new Set<string>();
      for (const { agent, from, messages } of full) {
        now.add(`${agent} ${from}`);
        if (!told.has(`${agent} ${from}`)) world.tell('agent.mailbox.full', agent, { messages, from });
      }
      if (isStreamFull) {
        now.add('');
        const reason = 'the inboxes together are full: no agent gets messages until some are handled';
        if (!told.has('')) world.tell('node.store.stalled', world.config.node, { reason });
      }
      told = now;
    } catch (error) {
      if (bus.status === 'connected') world.log.warn({ err: error }, 'inboxes.unseen');
    }
    await pause(lookInterval, signal);
  }
}
