/** A task as it is stored: the issue it came from, and where it stands in its life. */
import { initialTransition, transition } from 'xstate';
import { z } from 'zod';
import { type TaskEvent, taskMachine } from '../../machines/task.machine.ts';
import { versioned } from '../stored/versioned.ts';
import { Issue } from '../tracker/tracker.ts';

export const TaskState = z.enum(['waiting', 'assigned', 'working', 'blocked', 'failed', 'done', 'closed']);
export type TaskState = z.infer<typeof TaskState>;

/** The stored form; key is the issue's id. */
export const TaskRecord = versioned({
  version: 2,
  schema: z.object({
    issue: Issue,
    state: TaskState,
    flow: z.array(z.string()).min(1),
    stageIndex: z.int().min(0),
    token: z.int().min(0),
    attempts: z.int().min(0),
    maxAttempts: z.int().min(1),
    claim: z.object({ agent: z.string(), node: z.string(), leaseUntil: z.number() }).nullable(),
    reason: z.string(),
    /** Of the last try: what its program printed last and how it ended; empty when there is none. */
    evidence: z.string(),
    history: z.array(
      z.object({
        stage: z.string(),
        agent: z.string(),
        token: z.int(),
        outcome: z.enum(['done', 'failed', 'blocked', 'released']),
        summary: z.string(),
        at: z.string(),
        commit: z.string().optional(),
      }),
    ),
    /** For a stage, the only agent that may take it. */
    agents: z.record(z.string(), z.string()),
  }),
  upgrades: { 1: (task) => ({ ...task, evidence: '' }) },
});
export type TaskRecord = z.infer<typeof TaskRecord>;

/** The stage it waits for or is in; undefined when all are done. */
export const stageOf = (task: TaskRecord): string | undefined => task.flow[task.stageIndex];

export const isOver = (task: TaskRecord): boolean => task.state === 'done' || task.state === 'closed';

/** Whether nothing will happen to it by itself any more. */
export const isResting = (task: TaskRecord): boolean =>
  isOver(task) || task.state === 'failed' || task.state === 'blocked';

export interface NewTask {
  issue: Issue;
  flow: string[];
  stageIndex: number;
  maxAttempts: number;
  agents: Record<string, string>;
}

/** The record of an issue that is seen for the first time; one that is closed already waits to be opened again. */
export function createTask({ issue, agents, ...input }: NewTask): TaskRecord {
  const [first] = initialTransition(taskMachine, input);
  const [snapshot] = issue.closed ? transition(taskMachine, first, { type: 'close' }) : [first];
  return { version: 2, issue, agents, state: stateName(snapshot.value), ...snapshot.context };
}

/** What an event makes of a task; undefined when the statechart refuses it (a stale token, a wrong state). */
export function nextTask(task: TaskRecord, event: TaskEvent): TaskRecord | undefined {
  const { version, issue, agents, state, ...context } = task;
  const before = taskMachine.resolveState({ value: stateValue(state), context });
  const [after] = transition(taskMachine, before, event);
  const unchanged = after.context === before.context && stateName(after.value) === state;
  return unchanged ? undefined : { version, issue, agents, state: stateName(after.value), ...after.context };
}

const stateValue = (state: TaskState) =>
  state === 'assigned' || state === 'working' ? { claimed: state } : state;

function stateName(value: unknown): TaskState {
  return TaskState.parse(
    typeof value === 'object' && value !== null && 'claimed' in value ? value.claimed : value,
  );
}
