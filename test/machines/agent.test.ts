/** An agent's work: from an assignment to its recorded outcome, through crashes, withdrawals and shutdown. */
import { describe, expect, test } from 'vitest';
import {
  type AgentEvent,
  agentMachine,
  type HeldAssignment,
  type RecalledAssignment,
  type WorkOutcome,
} from '../../machines/agent.machine.ts';
import { shutdown } from '../../machines/supervision/exit-reason.ts';
import { called, promised, stageChild } from './child-stage.ts';

interface WorkInput {
  agent: string;
  assignment: HeldAssignment | null;
  outcome: WorkOutcome | null;
}

const held: HeldAssignment = { task: '7', token: 3 };
const done: WorkOutcome = { outcome: 'done', note: 'greeted' };
const withdrawn: AgentEvent = { type: 'assignment.withdrawn', reason: 'the claim is held by somebody else' };

async function stageAgent() {
  const recall = promised<WorkInput, RecalledAssignment | null>();
  const takeOver = promised<WorkInput, boolean>();
  const wait = promised<WorkInput, HeldAssignment | null>();
  const prepare = promised<WorkInput, WorkOutcome | null>();
  const submit = promised<WorkInput, 'begun' | 'broken-off'>();
  const perform = promised<WorkInput, WorkOutcome | 'broken-off'>();
  const lease = called<AgentEvent, WorkInput>();
  const record = promised<WorkInput>();
  const giveBack = promised<WorkInput>();
  const abandon = promised<WorkInput>();
  const machine = agentMachine.provide({
    actors: {
      recallAssignment: recall.logic,
      awaitAssignment: wait.logic,
      takeOverWork: takeOver.logic,
      prepareWork: prepare.logic,
      submitWork: submit.logic,
      awaitOutcome: perform.logic,
      keepLease: lease.logic,
      recordOutcome: record.logic,
      returnWork: giveBack.logic,
      abandonWork: abandon.logic,
    },
  });
  const stage = await stageChild(machine, { agent: 'kaede' });
  return { stage, recall, takeOver, wait, prepare, submit, perform, lease, record, giveBack, abandon };
}

type Staged = Awaited<ReturnType<typeof stageAgent>>;

/** The way through an assignment: each entry leaves its state by the shortest way. */
const way = [
  {
    name: 'recalling',
    value: 'recalling',
    leave: ({ recall }: Staged) => recall.latest().resolve(null),
    actor: 'recall',
  },
  { name: 'idle', value: 'idle', leave: ({ wait }: Staged) => wait.latest().resolve(held), actor: 'wait' },
  {
    name: 'preparing',
    value: { working: 'preparing' },
    leave: ({ prepare }: Staged) => prepare.latest().resolve(null),
    actor: 'prepare',
  },
  {
    name: 'submitting',
    value: { working: 'submitting' },
    leave: ({ submit }: Staged) => submit.latest().resolve('begun'),
    actor: 'submit',
  },
  {
    name: 'performing',
    value: { working: 'performing' },
    leave: ({ perform }: Staged) => perform.latest().resolve(done),
    actor: 'perform',
  },
  {
    name: 'recording',
    value: { working: { recording: 'going' } },
    leave: ({ record }: Staged) => record.latest().resolve(),
    actor: 'record',
  },
] as const;
type Stop = (typeof way)[number]['name'];

/** An agent that has come as far as a state. */
async function agentIn(name: Stop): Promise<Staged> {
  const staged = await stageAgent();
  for (const { name: here, leave } of way) {
    if (here === name) break;
    leave(staged);
    await staged.stage.settle();
  }
  return staged;
}

test('an assignment goes from waiting to its record, and the agent looks for the next', async () => {
  const staged = await stageAgent();
  for (const { value, leave } of way) {
    expect(staged.stage.state).toEqual(value);
    leave(staged);
    await staged.stage.settle();
  }
  expect(staged.stage.state).toBe('recalling');
  expect(staged.recall.calls).toHaveLength(2);
});

test('each step is told the assignment, the record its outcome too, and the next recall nothing of it', async () => {
  const staged = await agentIn('recording');
  const { prepare, submit, perform, record, recall, stage } = staged;
  for (const { input } of [prepare.latest(), submit.latest(), perform.latest()]) {
    expect(input).toEqual({ agent: 'kaede', assignment: held, outcome: null });
  }
  expect(record.latest().input).toEqual({ agent: 'kaede', assignment: held, outcome: done });
  record.latest().resolve();
  await stage.settle();
  expect(recall.latest().input).toEqual({ agent: 'kaede', assignment: null, outcome: null });
});

test('an assignment of an earlier life is taken up again without waiting for one', async () => {
  const { stage, recall, wait, prepare } = await stageAgent();
  recall.latest().resolve({ ...held, isUnderWay: false });
  await stage.settle();
  expect(stage.state).toEqual({ working: 'preparing' });
  expect(prepare.latest().input.assignment).toEqual(held);
  expect(wait.calls).toHaveLength(0);
});

describe('left at work by an earlier daemon', () => {
  const recalled = async () => {
    const staged = await stageAgent();
    staged.recall.latest().resolve({ ...held, isUnderWay: true });
    await staged.stage.settle();
    return staged;
  };

  test('it is seen through under its lease; nothing is prepared or handed over', async () => {
    const { stage, takeOver, prepare, submit, perform, lease } = await recalled();
    expect(stage.state).toEqual({ working: 'takingOver' });
    expect(takeOver.latest().input.assignment).toEqual(held);
    expect(lease.lives).toHaveLength(1);
    takeOver.latest().resolve(true);
    await stage.settle();
    expect(stage.state).toEqual({ working: 'performing' });
    expect(perform.latest().input.assignment).toEqual(held);
    expect([...prepare.calls, ...submit.calls]).toEqual([]);
  });

  test('it is abandoned when its claim was lost meanwhile', async () => {
    const { stage, takeOver, abandon } = await recalled();
    takeOver.latest().resolve(false);
    await stage.settle();
    expect(stage.state).toBe('abandoning');
    expect(abandon.latest().input.assignment).toEqual(held);
  });

  test('shut down while it is taken over, it is returned', async () => {
    const { stage, giveBack } = await recalled();
    await stage.send({ type: 'shutdown' });
    expect(stage.state).toBe('returning');
    expect(giveBack.latest().input.assignment).toEqual(held);
  });
});

test('a claim that somebody has begun in its name is recalled, not waited on', async () => {
  const { stage, recall, wait } = await agentIn('idle');
  wait.latest().resolve(null);
  await stage.settle();
  expect(stage.state).toBe('recalling');
  expect(recall.calls).toHaveLength(2);
});

test('what cannot be prepared is recorded without the program having seen it', async () => {
  const { stage, prepare, submit, record } = await agentIn('preparing');
  const failed: WorkOutcome = { outcome: 'failed', note: 'no worktree' };
  prepare.latest().resolve(failed);
  await stage.settle();
  expect(stage.state).toEqual({ working: { recording: 'going' } });
  expect(record.latest().input.outcome).toEqual(failed);
  expect(submit.calls).toHaveLength(0);
});

test('the lease is kept through the whole work and no longer', async () => {
  const staged = await agentIn('recording');
  expect(staged.lease.lives).toHaveLength(1);
  expect(staged.lease.latest().stopped).toBe(false);
  staged.record.latest().resolve();
  await staged.stage.settle();
  expect(staged.lease.latest().stopped).toBe(true);
});

test.each(['submitting', 'performing'] as const)(
  'broken off while %s, it looks for what it still holds, as after a restart, and nothing is recorded',
  async (name) => {
    const { stage, submit, perform, lease, recall, record } = await agentIn(name);
    (name === 'submitting' ? submit : perform).latest().resolve('broken-off');
    await stage.settle();
    expect(stage).toMatchObject({ state: 'recalling', end: undefined });
    expect(lease.latest().stopped).toBe(true);
    expect(recall.latest().input).toMatchObject({ assignment: null, outcome: null });
    expect(record.calls).toHaveLength(0);
    recall.latest().resolve({ ...held, isUnderWay: false });
    await stage.settle();
    expect(stage.state).toEqual({ working: 'preparing' });
  },
);

describe('a withdrawal', () => {
  test.each(['preparing', 'submitting', 'performing'] as const)(
    'while %s ends the work; the agent is free again when it is cleared',
    async (name) => {
      const { stage, lease, abandon, recall, record } = await agentIn(name);
      lease.latest().sendBack(withdrawn);
      await stage.settle();
      expect(stage.state).toBe('abandoning');
      expect(lease.latest().stopped).toBe(true);
      expect(abandon.latest().input.assignment).toEqual(held);
      abandon.latest().resolve();
      await stage.settle();
      expect(stage.state).toBe('recalling');
      expect(recall.latest().input).toMatchObject({ assignment: null, outcome: null });
      expect(record.calls).toHaveLength(0);
    },
  );

  test('while recording changes nothing: the record itself tells whether the claim still holds', async () => {
    const { stage, lease, abandon } = await agentIn('recording');
    lease.latest().sendBack(withdrawn);
    await stage.settle();
    expect(stage.state).toEqual({ working: { recording: 'going' } });
    expect(abandon.calls).toHaveLength(0);
  });

  test('ends the step that was under way', async () => {
    const { stage, lease, perform } = await agentIn('performing');
    lease.latest().sendBack(withdrawn);
    await stage.settle();
    expect(perform.latest().signal.aborted).toBe(true);
  });
});

test.each(['recalling', 'idle'] as const)('shut down while %s, it ends at once as asked', async (name) => {
  const staged = await agentIn(name);
  const { actor } = way.find((stop) => stop.name === name) ?? way[0];
  await staged.stage.send({ type: 'shutdown' });
  expect(staged.stage).toMatchObject({ state: 'stopped', end: { type: 'done', output: shutdown } });
  expect(staged[actor].latest().signal.aborted).toBe(true);
  expect(staged.giveBack.calls).toHaveLength(0);
});

test('shut down while recording, it finishes that first: a recorded outcome is not given back', async () => {
  const { stage, record, giveBack } = await agentIn('recording');
  await stage.send({ type: 'shutdown' });
  expect(stage).toMatchObject({ state: { working: { recording: 'ending' } }, end: undefined });
  record.latest().resolve();
  await stage.settle();
  expect(stage).toMatchObject({ state: 'stopped', end: { type: 'done', output: shutdown } });
  expect(giveBack.calls).toHaveLength(0);
});

const working = ['preparing', 'submitting', 'performing'] as const;

test.each(working)('shut down while %s, it gives its work back before it ends as asked', async (name) => {
  const staged = await agentIn(name);
  const { actor } = way.find((stop) => stop.name === name) ?? way[0];
  await staged.stage.send({ type: 'shutdown' });
  expect(staged.stage).toMatchObject({ state: 'returning', end: undefined });
  expect(staged[actor].latest().signal.aborted).toBe(true);
  expect(staged.lease.latest().stopped).toBe(true);
  expect(staged.giveBack.latest().input.assignment).toEqual(held);
  staged.giveBack.latest().resolve();
  await staged.stage.settle();
  expect(staged.stage).toMatchObject({ state: 'stopped', end: { type: 'done', output: shutdown } });
});

test('crashes when its work cannot be given back', async () => {
  const { stage, giveBack } = await agentIn('performing');
  await stage.send({ type: 'shutdown' });
  giveBack.latest().reject(new Error('no bus'));
  await stage.settle();
  expect(stage.end).toEqual({ type: 'crashed', error: new Error('no bus') });
});

test('says that it is ready once, however many assignments it goes through', async () => {
  const staged = await agentIn('recording');
  staged.record.latest().resolve();
  await staged.stage.settle();
  expect(staged.stage).toMatchObject({ state: 'recalling', said: [{ type: 'child.ready' }] });
});

test('shut down while abandoning, it ends as asked', async () => {
  const { stage, lease, abandon } = await agentIn('performing');
  lease.latest().sendBack(withdrawn);
  await stage.settle();
  await stage.send({ type: 'shutdown' });
  expect(stage.end).toEqual({ type: 'done', output: shutdown });
  expect(abandon.latest().signal.aborted).toBe(true);
});

test.each(way.map(({ name }) => name))('crashes when its step fails while %s', async (name) => {
  const staged = await agentIn(name);
  const { actor } = way.find((stop) => stop.name === name) ?? way[0];
  staged[actor].latest().reject(new Error('broken'));
  await staged.stage.settle();
  expect(staged.stage.end).toEqual({ type: 'crashed', error: new Error('broken') });
  expect(staged.lease.lives.every(({ stopped }) => stopped)).toBe(true);
});

test('crashes when what was withdrawn cannot be cleared', async () => {
  const { stage, lease, abandon } = await agentIn('submitting');
  lease.latest().sendBack(withdrawn);
  await stage.settle();
  abandon.latest().reject(new Error('cannot be ended'));
  await stage.settle();
  expect(stage.end).toEqual({ type: 'crashed', error: new Error('cannot be ended') });
});
