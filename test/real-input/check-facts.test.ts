/** Whether the check of a run would see what it is there to see. */
import { describe, expect, it } from 'vitest';
import type { Fact, FactName } from '../../src/events/facts.ts';
import { checkFacts } from './check-facts.ts';
import { readHistories } from './task-history.ts';

const flow = ['codegen', 'review'];

function fact(name: FactName, task: string, body: object = {}): Fact {
  return { name, about: task, at: '2026-01-01T00:00:00.000Z', node: 'local', body: { ...body } };
}

const claimed = (task: string, stage: string, agent: string, token: number): Fact =>
  fact('task.claimed', task, { agent, stage, token, attempt: 1 });

const finished = (task: string, stage: string, agent: string, token: number, outcome = 'done'): Fact =>
  fact('task.finished', task, { agent, stage, token, outcome, summary: '' });

const completed = (task: string): Fact => fact('task.completed', task, { title: '' });

const stage = (task: string, name: string, agent: string, token: number): Fact[] => [
  claimed(task, name, agent, token),
  finished(task, name, agent, token),
];

const whole = (task: string): Fact[] => [
  ...stage(task, 'codegen', 'kaede', 1),
  ...stage(task, 'review', 'sakura', 2),
  completed(task),
];

const check = (facts: Fact[], blockers: Record<string, string[]> = { 1: [] }): string[] =>
  checkFacts(readHistories(facts), new Map(Object.entries(blockers)), flow);

describe('a faultless run', () => {
  it.each<[string, Fact[], Record<string, string[]>]>([
    ['one task', whole('1'), { 1: [] }],
    ['a blocker before what it blocks', [...whole('2'), ...whole('1')], { 1: ['2'], 2: [] }],
    [
      'a second attempt',
      [claimed('1', 'codegen', 'kaede', 0), finished('1', 'codegen', 'kaede', 0, 'failed'), ...whole('1')],
      { 1: [] },
    ],
  ])('has no violations: %s', (_, facts, blockers) => {
    expect(check(facts, blockers)).toEqual([]);
  });
});

describe('a fault', () => {
  const [claim, finish, ...rest] = whole('1') as [Fact, Fact, ...Fact[]];

  it.each<[string, Fact[], RegExp]>([
    ['a lost task', [], /1 was never seen/],
    ['a task that nobody asked for', [...whole('1'), ...whole('9')], /9 comes from no issue/],
    ['no completion', whole('1').slice(0, -1), /completed 0 times/],
    ['two completions', [...whole('1'), completed('1')], /completed 2 times/],
    ['a stage done twice', [...stage('1', 'codegen', 'kaede', 0), ...whole('1')], /codegen, codegen, review/],
    ['a stage left out', [...stage('1', 'review', 'sakura', 2), completed('1')], /done as: review/],
    ['a claim that never ends', [...whole('1'), claimed('1', 'review', 'sakura', 3)], /never ended/],
    ['an end of nothing', [finish, ...whole('1')], /ends nothing/],
    [
      'two holders',
      [claimed('1', 'codegen', 'momiji', 0), claim, finish, ...rest],
      /held it at the same time/,
    ],
  ])('is named: %s', (_, facts, violation) => {
    expect(check(facts).join('\n')).toMatch(violation);
  });

  it('is named: an agent with two tasks', () => {
    const facts = [claimed('2', 'codegen', 'kaede', 1), ...whole('1')];
    expect(check(facts, { 1: [], 2: [] }).join('\n')).toMatch(/kaede held 2 codegen and 1 codegen/);
  });

  it('is named: a task ahead of its blocker', () => {
    expect(check([...whole('1'), ...whole('2')], { 1: ['2'], 2: [] }).join('\n')).toMatch(
      /before its blocker 2/,
    );
  });
});
