/** Answering what is in an inbox, as much as one answer on the bus holds. */
import type { Bus } from '../bus/bus.ts';
import { readInbox } from '../bus/read-inbox.ts';
import type { MessageView } from '../events/commands.ts';
import { page, shown } from './answer-page.ts';

export interface InboxPageRequest {
  limit: number;
  /** Only messages before this sequence. */
  before?: number | undefined;
}

/** The latest that fit, oldest first; a text that alone is too long for an answer is cut. @throws BusError */
export async function readInboxPage(
  bus: Bus,
  agent: string,
  { limit, before }: InboxPageRequest,
): Promise<MessageView[]> {
  const messages = await readInbox(bus, agent, {
    limit: before === undefined ? limit : Number.POSITIVE_INFINITY,
  });
  const latest = messages
    .filter(({ sequence }) => before === undefined || sequence < before)
    .slice(-limit)
    .map(({ id, from, text, sentAt, sequence }) => ({ id, from, text: shown(text), sentAt, sequence }));
  return page(latest.reverse()).reverse();
}
