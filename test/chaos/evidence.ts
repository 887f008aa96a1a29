/** What a run has left to be judged: gathered from the facts, the store, git, the issue files and the process table. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { type DeadLetter, deadLetters } from '../../src/bus/dead-letter.ts';
import { readEvents } from '../../src/bus/read-events.ts';
import type { TaskRecord } from '../../src/tasks/task-record.ts';
import type { DaemonDeath } from './daemon-keeper.ts';
import { agentNames } from './ground.ts';
import type { ChaosIssue } from './issues.ts';
import { type Leftovers, lookForLeftovers } from './leftovers.ts';
import type { SentMessage } from './message-ledger.ts';
import type { Orchestra } from './orchestra.ts';
import type { StruckFault } from './strike.ts';
import type { WitnessedFact } from './witness.ts';

/** A line that an agent's program left outside the state folder, in the order written. */
const WitnessEvent = z.object({
  event: z.enum(['begin', 'end', 'fail', 'poison', 'overlap', 'not-alone', 'message', 'error']),
  agent: z.string(),
  run: z.int(),
  at: z.number(),
  task: z.string().optional(),
  stage: z.string().optional(),
  token: z.int().optional(),
  text: z.string().optional(),
  /** The program's own conversation, where it has one, and whether it was told to go on with it. */
  session: z.string().optional(),
  isResumed: z.boolean().optional(),
});
export type WitnessEvent = z.infer<typeof WitnessEvent>;

export interface Evidence extends Leftovers {
  readonly issues: readonly ChaosIssue[];
  readonly struck: readonly StruckFault[];
  readonly deaths: readonly DaemonDeath[];
  /** Every fact that was ever seen in the stream, in the order stored. */
  readonly facts: readonly WitnessedFact[];
  /** By id, as the store had them at the end. */
  readonly tasks: ReadonlyMap<string, TaskRecord>;
  readonly log: readonly WitnessEvent[];
  readonly messages: readonly SentMessage[];
  readonly dead: readonly DeadLetter[];
  /** Ids that each agent's mailbox has on record as handled. */
  readonly handled: ReadonlyMap<string, ReadonlySet<string>>;
  /** How the daemon ended when it was asked to. */
  readonly lastEnd: string;
}

/** Reads what only a running daemon tells, ends it, and looks at what is left. */
export async function gatherEvidence(
  orchestra: Orchestra,
  struck: readonly StruckFault[],
): Promise<Evidence> {
  const { ground, keeper, witness, messages } = orchestra;
  const tasks = await readTasks(orchestra);
  const dead = await deadLetters(witness.bus, { limit: 10_000 });
  const handled = await readHandled(orchestra);
  const deaths = [...keeper.deaths];
  const lastEnd = await keeper.stop();
  return {
    issues: ground.issuesDrawn,
    struck,
    deaths,
    facts: witness.facts,
    tasks,
    log: await readLog(ground.witness),
    messages: messages.sent,
    dead,
    handled,
    lastEnd,
    ...(await lookForLeftovers(ground)),
  };
}

const patience = 50;

async function readTasks({ ground, witness }: Orchestra): Promise<Map<string, TaskRecord>> {
  const tasks = new Map<string, TaskRecord>();
  for (const { id } of ground.issuesDrawn) {
    for (let left = patience; left > 0 && !tasks.has(id); left -= 1) {
      const task = await witness.ask('task.show', { id });
      if (task) tasks.set(id, task);
      else await pause(100);
    }
  }
  return tasks;
}

async function readLog(folder: string): Promise<WitnessEvent[]> {
  const lines = (await readFile(join(folder, 'log'), 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => WitnessEvent.parse(JSON.parse(line)));
}

const Handled = z.object({ ids: z.array(z.string()) });

async function readHandled({ witness }: Orchestra): Promise<Map<string, Set<string>>> {
  const handled = new Map<string, Set<string>>();
  const { bus } = witness;
  for (const agent of agentNames) {
    const subject = `$KV.orch_ledger.${agent}`;
    for await (const { body } of readEvents(bus, { stream: 'KV_orch_ledger', subjects: [subject] })) {
      const read = Handled.safeParse(body);
      if (read.success) handled.set(agent, new Set(read.data.ids));
    }
  }
  return handled;
}
