/** Planning: who is taken first, who waits, and who may take what. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PlannableAgent, type PlannableTask, planAssignments } from '../../machines/scheduling/plan.ts';

const now = Date.parse('2025-06-15T00:00:00Z');

const task = (id: string, change: Partial<PlannableTask> = {}): PlannableTask => ({
  id,
  waitingFor: 'codegen',
  priority: 2,
  createdAt: '2025-06-01T00:00:00Z',
  blockedBy: [],
  agents: {},
  ...change,
});
const agent = (name: string, roles = ['codegen'], free = true): PlannableAgent => ({ name, roles, free });

const nobody = () => false;
const plan = (
  tasks: PlannableTask[],
  agents: PlannableAgent[] = [],
  isDone: (id: string) => boolean = nobody,
) => planAssignments(tasks, agents, isDone, now);
const orderOf = (...tasks: PlannableTask[]) => plan(tasks).ready;

describe('order', () => {
  test('the more urgent priority first', () => {
    expect(orderOf(task('a', { priority: 3 }), task('b', { priority: 0 }), task('c'))).toEqual([
      'b',
      'c',
      'a',
    ]);
  });

  test('the older one first, then the lesser id', () => {
    const later = { createdAt: '2025-06-02T00:00:00Z' };
    expect(orderOf(task('c', later), task('b'), task('a', later), task('d'))).toEqual(['b', 'd', 'a', 'c']);
  });

  test('among equals 2 goes before 10, and ids that only look alike keep one order', () => {
    expect(orderOf(task('10'), task('1'), task('x-10'), task('2'), task('x-9'), task('01'))).toEqual([
      '01',
      '1',
      '2',
      '10',
      'x-9',
      'x-10',
    ]);
  });

  test('a passed deadline goes before every priority, the longest passed foremost', () => {
    const urgent = task('urgent', { priority: 0 });
    const late = task('late', { priority: 4, deadline: '2025-06-14T00:00:00Z' });
    const later = task('later', { priority: 4, deadline: '2025-06-10T00:00:00Z' });
    const sharp = task('sharp', { priority: 4, deadline: '2025-06-15T00:00:00Z' });
    expect(orderOf(urgent, late, later, sharp)).toEqual(['later', 'late', 'sharp', 'urgent']);
  });

  test('a deadline to come, or one that is no date, counts as none', () => {
    const coming = task('coming', { deadline: '2025-06-15T00:00:00.001Z' });
    const odd = task('odd', { deadline: 'soon' });
    expect(orderOf(coming, odd, task('urgent', { priority: 0 }))).toEqual(['urgent', 'coming', 'odd']);
  });
});

describe('blockers', () => {
  test('a task waits until all its blockers are done, and says for which', () => {
    const done = new Set(['1', '2']);
    const { ready, held } = plan(
      [
        task('free', { blockedBy: ['1', '2'] }),
        task('half', { blockedBy: ['1', '3'] }),
        task('unknown', { blockedBy: ['?'] }),
      ],
      [],
      (id) => done.has(id),
    );
    expect(ready).toEqual(['free']);
    expect([...held]).toEqual([
      ['half', ['3']],
      ['unknown', ['?']],
    ]);
  });

  test('a task that blocks itself, or a ring of them, waits', () => {
    const ring = [
      task('a', { blockedBy: ['b'] }),
      task('b', { blockedBy: ['a'] }),
      task('self', { blockedBy: ['self'] }),
    ];
    expect(plan(ring, [agent('kaede')])).toMatchObject({ assignments: [], ready: [] });
  });

  test('a held task does not keep an agent from the next', () => {
    const tasks = [task('a', { priority: 0, blockedBy: ['?'] }), task('b')];
    expect(plan(tasks, [agent('kaede')]).assignments).toEqual([
      { task: 'b', stage: 'codegen', agent: 'kaede' },
    ]);
  });
});

describe('agents', () => {
  test('one task an agent, the most urgent tasks first, the agents in their order', () => {
    const tasks = ['a', 'b', 'c'].map((id) => task(id));
    expect(plan(tasks, [agent('kaede'), agent('momiji')]).assignments).toEqual([
      { task: 'a', stage: 'codegen', agent: 'kaede' },
      { task: 'b', stage: 'codegen', agent: 'momiji' },
    ]);
  });

  test('only who is free and has the role', () => {
    const tasks = [task('a'), task('b', { waitingFor: 'review' })];
    const agents = [agent('kaede', ['codegen'], false), agent('sakura', ['review', 'pr'])];
    expect(plan(tasks, agents).assignments).toEqual([{ task: 'b', stage: 'review', agent: 'sakura' }]);
  });

  test('a pinned stage waits for its agent, and holds nobody else up', () => {
    const pinned = task('pinned', { priority: 0, agents: { codegen: 'momiji' } });
    expect(
      plan([pinned, task('open')], [agent('kaede'), agent('momiji', ['codegen'], false)]).assignments,
    ).toEqual([{ task: 'open', stage: 'codegen', agent: 'kaede' }]);
    expect(plan([pinned], [agent('kaede'), agent('momiji')]).assignments).toMatchObject([
      { agent: 'momiji' },
    ]);
  });

  test('a pin of another stage, or to an agent without the role, does not help', () => {
    expect(plan([task('a', { agents: { review: 'sakura' } })], [agent('kaede')]).assignments).toHaveLength(1);
    expect(
      plan([task('a', { agents: { codegen: 'sakura' } })], [agent('sakura', ['review'])]).assignments,
    ).toEqual([]);
  });

  test('a task that does not wait for an agent is neither ready nor held', () => {
    const resting = task('a', { waitingFor: undefined, blockedBy: ['?'] });
    expect(plan([resting], [agent('kaede')])).toEqual({ assignments: [], ready: [], held: new Map() });
  });

  test('without agents there is still an order', () => {
    expect(plan([task('b'), task('a')])).toMatchObject({ assignments: [], ready: ['a', 'b'] });
  });
});

describe('laws', () => {
  const ids = Array.from({ length: 12 }, (_, index) => `t${index}`);
  const roles = ['codegen', 'review', 'pr'];
  const names = ['kaede', 'sakura', 'tsubaki', 'botan'];
  const date = fc.integer({ min: -5, max: 5 }).map((days) => new Date(now + days * 86_400_000).toISOString());

  const anyTask = fc.record({
    id: fc.constantFrom(...ids),
    waitingFor: fc.option(fc.constantFrom(...roles), { nil: undefined }),
    priority: fc.nat({ max: 4 }),
    createdAt: date,
    deadline: fc.option(date, { nil: undefined }),
    blockedBy: fc.subarray([...ids, 'unknown'], { maxLength: 3 }),
    agents: fc.dictionary(fc.constantFrom(...roles), fc.constantFrom(...names), {
      maxKeys: 2,
      noNullPrototype: true,
    }),
  });
  const tasks = fc.uniqueArray(anyTask, { selector: ({ id }) => id });
  const agents = fc.uniqueArray(
    fc.record({
      name: fc.constantFrom(...names),
      roles: fc.subarray(roles, { minLength: 1 }),
      free: fc.boolean(),
    }),
    { selector: ({ name }) => name },
  );
  const situation = fc.record({ tasks, agents, done: fc.subarray(ids) });

  const law = (
    holds: (given: { tasks: PlannableTask[]; agents: PlannableAgent[]; done: string[] }) => boolean,
  ) => fc.assert(fc.property(situation, holds), { numRuns: 500 });
  const planOf = ({ tasks, agents, done }: Parameters<Parameters<typeof law>[0]>[0]) =>
    plan(tasks, agents, (id) => done.includes(id));

  test('no task is assigned or ready while one of its blockers is not done', () => {
    law((given) => {
      const { assignments, ready } = planOf(given);
      const taken = new Set([...ready, ...assignments.map((assignment) => assignment.task)]);
      return given.tasks.every(
        ({ id, blockedBy }) => !taken.has(id) || blockedBy.every((blocker) => given.done.includes(blocker)),
      );
    });
  });

  test('no agent gets two tasks, and no task two agents', () => {
    law((given) => {
      const { assignments } = planOf(given);
      const distinct = (key: 'agent' | 'task') =>
        new Set(assignments.map((assignment) => assignment[key])).size;
      return distinct('agent') === assignments.length && distinct('task') === assignments.length;
    });
  });

  test('each assignment is to a free agent of the role, and to the pinned one where there is one', () => {
    law((given) =>
      planOf(given).assignments.every(({ task: id, stage, agent: name }) => {
        const found = given.tasks.find((one) => one.id === id);
        const holder = given.agents.find((one) => one.name === name);
        const only = found?.agents[stage];
        return (
          found?.waitingFor === stage &&
          holder?.free &&
          holder.roles.includes(stage) &&
          (only === undefined || only === name)
        );
      }),
    );
  });

  test('no free agent is left idle while a ready task that it may take is left over', () => {
    law((given) => {
      const { assignments, ready } = planOf(given);
      const idle = given.agents.filter(
        ({ name, free }) => free && !assignments.some((assignment) => assignment.agent === name),
      );
      const left = given.tasks.filter(
        ({ id }) => ready.includes(id) && !assignments.some((assignment) => assignment.task === id),
      );
      return !left.some(({ waitingFor = '', agents: pins }) =>
        idle.some(({ name, roles: own }) => own.includes(waitingFor) && (pins[waitingFor] ?? name) === name),
      );
    });
  });

  test('every waiting task is either ready or held', () => {
    law((given) => {
      const { ready, held } = planOf(given);
      const waiting = given.tasks.filter(({ waitingFor }) => waitingFor !== undefined).map(({ id }) => id);
      return [...ready, ...held.keys()].toSorted().join() === waiting.toSorted().join();
    });
  });

  test('the order is total: it does not depend on the order in which the tasks come', () => {
    fc.assert(
      fc.property(situation, fc.infiniteStream(fc.nat()), (given, random) => {
        const shuffled = given.tasks
          .map((one) => ({ one, key: random.next().value ?? 0 }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ one }) => one);
        expect(planOf({ ...given, tasks: shuffled }).ready).toEqual(planOf(given).ready);
      }),
      { numRuns: 500 },
    );
  });

  test('nothing that it is given is changed', () => {
    law((given) => {
      const kept = JSON.stringify(given);
      planOf(given);
      return JSON.stringify(given) === kept;
    });
  });
});
