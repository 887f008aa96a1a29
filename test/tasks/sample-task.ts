/** Tasks for tests: a plain issue, and the task it becomes in every state of its life. */
import type { TaskEvent } from '../../machines/task.machine.ts';
import {
  createTask,
  type NewTask,
  nextTask,
  type TaskRecord,
  type TaskState,
} from '../../src/tasks/task-record.ts';
import type { Issue } from '../../src/tracker/tracker.ts';

export const sampleIssue = (change: Partial<Issue> = {}): Issue => ({
  id: '7',
  title: 'Greet people in Japanese',
  body: 'Say こんにちは.',
  labels: ['bug'],
  priority: 2,
  blockedBy: [],
  createdAt: '2025-01-01T00:00:00Z',
  closed: false,
  ...change,
});

/** Two stages, two attempts at each. */
export const sampleInput = (change: Partial<NewTask> = {}): NewTask => ({
  issue: sampleIssue(),
  flow: ['codegen', 'review'],
  stageIndex: 0,
  maxAttempts: 2,
  agents: {},
  ...change,
});

export const at = '2025-06-01T12:00:00Z';
export const claim: TaskEvent = { type: 'claim', agent: 'kaede', node: 'local', leaseUntil: 1_000 };

export const finish = (token: number, outcome: 'done' | 'failed' | 'blocked'): TaskEvent => ({
  type: 'finish',
  token,
  outcome,
  summary: `it is ${outcome}`,
  at,
});

export const release = (token: number): TaskEvent => ({ type: 'release', token, reason: 'taken back', at });

export const restart = (token: number, attempt = 1): TaskEvent => ({
  type: 'restart',
  token,
  attempt,
  leaseUntil: 2_000,
  reason: 'crashed',
});

/** What the events make of a task, one after the other. @throws Error for an event that is refused */
export function taskAfter(task: TaskRecord, ...events: readonly TaskEvent[]): TaskRecord {
  return events.reduce((before, event) => {
    const next = nextTask(before, event);
    if (!next) throw new Error(`${event.type} was refused in state ${before.state}`);
    return next;
  }, task);
}

const paths: Record<TaskState, readonly TaskEvent[]> = {
  waiting: [],
  assigned: [claim],
  working: [claim, { type: 'accept', token: 1 }],
  blocked: [claim, finish(1, 'blocked')],
  failed: [claim, finish(1, 'failed'), claim, finish(2, 'failed')],
  done: [claim, finish(1, 'done'), claim, finish(2, 'done')],
  closed: [{ type: 'close' }],
};

/** A task that has come into a state by the shortest way. */
export const taskIn = (state: TaskState, input: Partial<NewTask> = {}): TaskRecord =>
  taskAfter(createTask(sampleInput(input)), ...paths[state]);
