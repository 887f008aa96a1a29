/** Whether the check of a run would see what it is there to see. */
import { expect, test } from 'vitest';
import type { TaskRecord } from '../../../src/tasks/task-record.ts';
import type { Evidence } from '../evidence.ts';
import { factKey } from '../witness.ts';
import { checkInvariants } from './check-invariants.ts';
import { fact, soundEvidence } from './sound-evidence.ts';

const sound = soundEvidence();
const found = (spoilt: Partial<Evidence>): string =>
  checkInvariants({ ...sound, ...spoilt })
    .map(({ invariant, evidence }) => `${invariant}: ${evidence}`)
    .join('\n');

function withTask(id: string, change: Partial<TaskRecord>): Partial<Evidence> {
  const task = sound.tasks.get(id);
  if (!task) throw new Error(`there is no task ${id}`);
  return { tasks: new Map([...sound.tasks, [id, { ...task, ...change }]]) };
}

test('sound evidence has no violation', () => {
  expect(checkInvariants(sound)).toEqual([]);
});

const process = { pid: 5, parent: 1, session: 5, command: 'sleep 1000' };
const message = { agent: 'momiji', run: 8, at: 22, text: 'word-1-end' } as const;
const begin = (token: number, run: number) =>
  ({ event: 'begin', agent: 'kaede', task: '1', stage: 'codegen', token, run, at: 1 }) as const;
const lastSequence = sound.facts.at(-1)?.sequence ?? 0;
const claim = { agent: 'kaede', node: 'local', leaseUntil: 0 };

test.each<[string, Partial<Evidence>, RegExp]>([
  ['a lost task', { tasks: new Map() }, /task 1 is lost/],
  ['a task that failed without a reason', withTask('1', { state: 'failed' }), /failed without a reason/],
  ['a task that is forgotten', withTask('1', { state: 'waiting' }), /waits and nothing holds it up/],
  ['a stage out of turn', withTask('1', { stageIndex: 1 }), /at stage 1 and has on record as done/],
  ['a lease that is left', withTask('1', { claim }), /a lease of task 1/],
  ['a second completion', { facts: [...sound.facts, fact(30, 'task.completed', '1')] }, /completed 2 times/],
  [
    'a stage done twice',
    { facts: [...sound.facts, { ...sound.facts[1], sequence: 30 } as never] },
    /codegen of task 1 was done 2 times/,
  ],
  [
    'two holders by the facts',
    {
      facts: [
        fact(0, 'task.claimed', '1', { agent: 'sakura', stage: 'codegen', token: 0 }),
        ...sound.facts,
        fact(31, 'task.released', '1', { agent: 'sakura', token: 0 }),
      ],
    },
    /sakura's hold on task 1 \(token 0\) had not ended when/,
  ],
  ['two holders by their locks', { log: [{ ...begin(1, 9), event: 'overlap' }] }, /says overlap of task 1/],
  [
    'a process tree that outlives its program',
    { log: [{ ...begin(1, 9), event: 'not-alone' }] },
    /process tree/,
  ],
  [
    'a token that does not grow',
    { facts: [...sound.facts, fact(32, 'task.claimed', '1', { agent: 'kaede', token: 2 })] },
    /tokens grow/,
  ],
  ['a program overtaken by another', { log: [begin(2, 9), begin(1, 10)] }, /tokens grow/],
  [
    'a task ahead of its blocker',
    { facts: sound.facts.slice(5).concat(sound.facts.slice(0, 5)) },
    /begun before its blocker 1/,
  ],
  [
    'a message that nobody got',
    { log: [], handled: new Map(), facts: sound.facts.slice(0, -1) },
    /message m to momiji/,
  ],
  [
    'a message that was read twice',
    { log: [...sound.log, { event: 'message', ...message }] },
    /read 2 times/,
  ],
  ['a lost fact', { stored: new Set([...sound.stored].slice(1)) }, /number 1, is gone/],
  ['work that is not in git', { commits: new Map([['1', 1]]) }, /0 commits of task 2/],
  ['work that is twice in git', { commits: new Map([...sound.commits, ['2', 2]]) }, /2 commits of task 2/],
  [
    'a label that is behind',
    { labels: new Map([...sound.labels, ['1', ['status:todo']]]) },
    /shows status:todo/,
  ],
  [
    'a comment that stands twice',
    { comments: new Map([...sound.comments, ['1', ['a', 'a']]]) },
    /comment a stands twice/,
  ],
  ['an end that nobody is told of', { comments: new Map() }, /nothing on the issue of task 1/],
  ['a process that is left', { processes: [process] }, /process 5: sleep 1000/],
  ['a worktree that is left', { worktrees: ['/x/worktrees/1'] }, /worktree \/x\/worktrees\/1/],
  ['a daemon that did not end well', { lastEnd: 'SIGKILL' }, /ended with SIGKILL/],
])('is named: %s', (_, spoilt, violation) => {
  expect(found(spoilt)).toMatch(violation);
});

test('what a fault has destroyed may be missing, and nothing beside it', () => {
  const fault = {
    kind: 'corrupt-block',
    number: 1,
    target: 'ORCH_EVENTS',
    since: 0,
    recovery: 1,
    isWhole: true,
  } as const;
  const struck = [{ ...fault, damage: { facts: { from: 2, to: 3 } } }];
  const without = (...sequences: number[]) =>
    new Set(sound.facts.filter(({ sequence }) => !sequences.includes(sequence)).map(factKey));
  expect(found({ struck, stored: without(2, 3) })).toBe('');
  expect(found({ struck, stored: without(3, 4) })).toMatch(/number 4, is gone/);
  expect(found({ stored: without(lastSequence) })).toMatch(/is gone/);
});
