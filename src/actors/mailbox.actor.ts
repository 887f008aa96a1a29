/** An agent's mailbox: the durable consumer on the inbox stream, feeding the conversation. */
import { fromCallback, fromPromise } from 'xstate';
import { type MailboxEvent, mailboxMachine } from '../../machines/mailbox.machine.ts';
import type { AgentPlace } from '../agents/agent-place.ts';
import { type Mailbox, openMailbox } from '../bus/mailbox.ts';
import type { World } from './world.ts';

/** When a program cannot take a message now, it is offered again after so long, in ms. */
const laterDelay = 2_000;

export function mailboxActor(world: World, place: AgentPlace, openInbox = openMailbox) {
  let mailbox: Mailbox | undefined;
  let notice: ((event: MailboxEvent) => void) | undefined;

  const open = async (signal: AbortSignal) => {
    const bus = await world.ports.bus.whenOpen(signal);
    await place.conversation.whenOpen(signal);
    const opened = await openInbox(bus, {
      agent: place.name,
      handler: async (message, { signal, redelivered, recorded }) => {
        notice?.({ type: 'message.taken', id: message.id });
        try {
          const { id, from, text, sentAt, sequence } = message;
          const view = { id, from, text, sentAt, sequence };
          // What is typed cannot be taken back: that it was begun is on record first.
          await recorded;
          const taken = await place.conversation.get().deliver(view, { signal, redelivered });
          if (taken === 'later') return { retryAfter: laterDelay };
          world.tell('agent.message.delivered', place.name, { message: id, from });
          return 'handled';
        } finally {
          notice?.({ type: 'message.settled', id: message.id });
        }
      },
      onDeadLetter: ({ id, reason }) =>
        world.tell('agent.message.rejected', place.name, { message: id, reason }),
    });
    // Ended meanwhile: whoever comes next reads the inbox, and nobody beside it.
    if (signal.aborted) await opened.close();
    else mailbox = opened;
  };
  const close = async () => {
    await mailbox?.close();
    mailbox = undefined;
  };
  return mailboxMachine.provide({
    actors: {
      openMailbox: fromPromise(async ({ signal }) => {
        await close();
        await open(signal);
      }),
      readMailbox: fromCallback(({ sendBack }) => {
        notice = sendBack;
        return () => {
          notice = undefined;
          // Ended by force, it is not asked to close: a reader left behind would hand messages to nobody.
          void mailbox?.close();
        };
      }),
      watchMailbox: fromPromise(async () => {
        const lost = await mailbox?.closed;
        if (lost) throw lost;
      }),
      closeMailbox: fromPromise(close),
    },
  });
}
