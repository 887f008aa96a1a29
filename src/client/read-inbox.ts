/** An agent's latest messages for a person, page by page: one answer on the bus does not hold many long ones. */
import type { Bus } from '../bus/bus.ts';
import type { MessageView } from '../events/commands.ts';
import { ask } from './ask.ts';

/** The most that one request may ask for. */
const largestPage = 1_000;

/** The latest up to `limit`, oldest first. @throws BusError */
export async function readInbox(bus: Bus, agent: string, limit: number): Promise<MessageView[]> {
  const found: MessageView[] = [];
  while (found.length < limit) {
    const page = await ask(bus, 'inbox', {
      agent,
      limit: Math.min(limit - found.length, largestPage),
      before: found[0]?.sequence,
    });
    if (page.length === 0) break;
    found.unshift(...page);
  }
  return found;
}
