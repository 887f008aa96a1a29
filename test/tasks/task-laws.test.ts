/** What holds for a task whatever is sent to it, in whatever order: the laws that fencing and leases rest on. */
import fc from 'fast-check';
import { test } from 'vitest';
import type { TaskEvent } from '../../machines/task.machine.ts';
import { createTask, nextTask, TaskRecord } from '../../src/tasks/task-record.ts';
import { at, sampleInput } from './sample-task.ts';

const agents = ['kaede', 'sakura', 'tsubaki'] as const;
const token = fc.nat({ max: 12 });
const leaseUntil = fc.nat({ max: 10_000 });
const outcome = fc.constantFrom('done', 'failed', 'blocked');

const event: fc.Arbitrary<TaskEvent> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('claim'),
      agent: fc.constantFrom(...agents),
      node: fc.constant('local'),
      leaseUntil,
    }),
  },
  fc.record({ type: fc.constantFrom('accept', 'return'), token }),
  fc.record({ type: fc.constant('renew'), token, leaseUntil }),
  fc.record({
    type: fc.constant('restart'),
    token,
    attempt: fc.nat({ max: 6 }),
    leaseUntil,
    reason: fc.constant('crashed'),
  }),
  fc.record({ type: fc.constant('release'), token, reason: fc.constant('taken back'), at: fc.constant(at) }),
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('finish'),
      token,
      outcome,
      summary: fc.string(),
      at: fc.constant(at),
    }),
  },
  fc.record({ type: fc.constantFrom('retry', 'close', 'reopen') }),
);

/** Every step of a life: what was there, what came, and what it became (the same record when it was refused). */
function* livesOf(flowLength: number, maxAttempts: number, given: readonly TaskEvent[]) {
  const flow = ['codegen', 'review', 'pr', 'deploy'].slice(0, flowLength);
  let before = createTask(sampleInput({ flow, maxAttempts }));
  for (const sent of given) {
    const next = nextTask(before, sent);
    yield { before, sent, next, after: next ?? before };
    before = next ?? before;
  }
}

const life = [
  fc.integer({ min: 1, max: 4 }),
  fc.integer({ min: 1, max: 4 }),
  fc.array(event, { maxLength: 60 }),
] as const;

/** Tells whether the law holds at every step of every life. */
const law = (
  holds: (step: ReturnType<typeof livesOf> extends Generator<infer Step> ? Step : never) => boolean,
) =>
  fc.assert(
    fc.property(...life, (flowLength, maxAttempts, given) => {
      for (const step of livesOf(flowLength, maxAttempts, given)) if (!holds(step)) return false;
      return true;
    }),
    { numRuns: 300 },
  );

test('the token never decreases, and a claim alone makes it grow, by one', () => {
  law(
    ({ before, sent, next, after }) => after.token === before.token + (next && sent.type === 'claim' ? 1 : 0),
  );
});

test('a token that is not the newest changes nothing', () => {
  law(({ before, sent, next }) => !('token' in sent) || sent.token === before.token || next === undefined);
});

test('nothing is taken from nobody: without a claim no token is heard', () => {
  law(({ before, sent, next }) => before.claim !== null || !('token' in sent) || next === undefined);
});

test('a task is held exactly while it is assigned or worked on', () => {
  law(({ after }) => (after.claim !== null) === (after.state === 'assigned' || after.state === 'working'));
});

test('a holder is never replaced without having lost its claim before', () => {
  law(
    ({ before, after }) =>
      !before.claim ||
      !after.claim ||
      (before.claim.agent === after.claim.agent && before.token === after.token),
  );
});

test('attempts never exceed their limit', () => {
  law(({ after }) => after.attempts <= after.maxAttempts);
});

test('stages are left one by one, by their holder being done', () => {
  law(({ before, sent, after }) => {
    const isAdvance =
      sent.type === 'finish' && sent.outcome === 'done' && after.stageIndex === before.stageIndex + 1;
    const isReturn = sent.type === 'reopen' && before.state === 'done' && after.stageIndex === 0;
    return after.stageIndex === before.stageIndex || isAdvance || isReturn;
  });
});

test('it is done exactly when all stages are', () => {
  law(({ after }) => (after.state === 'done') === (after.stageIndex === after.flow.length));
});

test('every record can be stored and read back', () => {
  law(({ after }) => TaskRecord.safeParse(JSON.parse(JSON.stringify(after))).success);
});
