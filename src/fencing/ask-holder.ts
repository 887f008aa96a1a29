/** Asks the daemon whether an agent holds a task, with patience for a daemon that is just being restarted. */
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Bus } from '../bus/bus.ts';
import { BusError, type BusErrorCode } from '../bus/bus-error.ts';
import { connectBus } from '../bus/connect-bus.ts';
import { query } from '../client/ask.ts';
import type { QueryReply, QueryRequest } from '../events/commands.ts';

/** How an agent reaches the daemon. */
export interface AgentAccess {
  readonly agent: string;
  readonly natsUrl: string;
  /** Path of its nkey seed. */
  readonly key: string;
}

/** Between two tries, in ms. */
const tryPause = 500;

const unanswered: readonly BusErrorCode[] = ['unreachable', 'no-responder', 'timeout', 'closed'];

/** Whether nobody was there to answer; anything else is an answer. */
export const isUnanswered = (error: unknown): error is BusError =>
  error instanceof BusError && unanswered.includes(error.code);

/**
 * @param patience how long it is tried again while nobody answers, in ms
 * @throws BusError when nobody has, or the key is refused
 */
export async function askHolder(
  access: AgentAccess,
  question: QueryRequest<'holds'>,
  patience: number,
): Promise<QueryReply<'holds'>> {
  const giveUpAt = Date.now() + patience;
  for (;;) {
    try {
      return await askOnce(access, question);
    } catch (error) {
      if (!isUnanswered(error) || Date.now() + tryPause > giveUpAt) throw error;
      await pause(tryPause);
    }
  }
}

async function askOnce(
  { agent, natsUrl, key }: AgentAccess,
  question: QueryRequest<'holds'>,
): Promise<QueryReply<'holds'>> {
  const seed = (await readFile(key, 'utf8')).trim();
  const bus: Bus = await connectBus({
    url: natsUrl,
    seed,
    name: `${agent} push`,
    inboxPrefix: `_INBOX.${agent}`,
  });
  try {
    return await query(bus, agent, 'holds', question);
  } finally {
    await bus.close(100);
  }
}
