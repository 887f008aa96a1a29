/** What happened to one task according to the stored facts: its claims with their ends, its completions. */
import { z } from 'zod';
import type { Fact } from '../../src/events/facts.ts';

/** One agent's hold on a stage, in positions of the stream, whose order is that of the events, and in time. */
export interface Hold {
  readonly task: string;
  readonly stage: string;
  readonly agent: string;
  readonly token: number;
  readonly from: number;
  readonly fromTime: number;
  /** Infinity while nobody has ended it. */
  to: number;
  toTime: number;
  outcome: 'done' | 'failed' | 'blocked' | 'released' | undefined;
}

export interface TaskHistory {
  readonly holds: Hold[];
  /** Positions at which it was completed. */
  readonly completions: number[];
  /** Facts that belong to no hold. */
  readonly strays: string[];
}

const Held = z.object({
  agent: z.string(),
  stage: z.string(),
  token: z.int(),
  outcome: z.enum(['done', 'failed', 'blocked']).optional(),
});

/** By task id. */
export function readHistories(facts: readonly Fact[]): Map<string, TaskHistory> {
  const histories = new Map<string, TaskHistory>();
  for (const [position, fact] of facts.entries()) {
    if (!fact.name.startsWith('task.')) continue;
    const history = histories.get(fact.about) ?? { holds: [], completions: [], strays: [] };
    histories.set(fact.about, history);
    take(history, fact, position);
  }
  return histories;
}

function take(history: TaskHistory, { name, about, at, body }: Fact, position: number): void {
  const time = Date.parse(at);
  if (name === 'task.completed') history.completions.push(position);
  if (name === 'task.claimed') {
    const end = { to: Number.POSITIVE_INFINITY, toTime: Number.NaN, outcome: undefined };
    history.holds.push({ task: about, ...Held.parse(body), from: position, fromTime: time, ...end });
  }
  if (name !== 'task.finished' && name !== 'task.released') return;
  const { token, agent, stage, outcome = 'released' } = Held.parse(body);
  const hold = history.holds.find((claimed) => claimed.token === token);
  if (hold?.outcome !== undefined || hold?.agent !== agent || hold.stage !== stage) {
    history.strays.push(`${name} by ${agent} at ${stage} with token ${token} ends nothing that it holds`);
    return;
  }
  hold.to = position;
  hold.toTime = time;
  hold.outcome = outcome;
}
