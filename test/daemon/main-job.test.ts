import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { expectNothingRuns } from './nothing-runs.ts';
import { OrchestraProject } from './orchestra-project.ts';
import './patient.ts';

const sample = (role: string) => ({ roles: [role], adapter: 'sample', pace: 0 });
const create = (path: string, text: string) => `Please create \`${path}\`:\n\n\`\`\`text\n${text}\n\`\`\``;

let project: OrchestraProject;
beforeEach(async () => {
  project = await OrchestraProject.create({
    agents: {
      kaede: sample('codegen'),
      sakura: sample('review'),
      tsubaki: sample('pr'),
      botan: sample('deploy'),
    },
    flow: ['codegen', 'review', 'pr', 'deploy'],
    issues: {
      '1-hello': {
        title: 'こんにちは',
        priority: 1,
        created: '2026-01-02T00:00:00Z',
        body: create('hello.txt', 'こんにちは'),
      },
      '2-after': {
        title: 'After hello',
        priority: 0,
        blocked_by: [1],
        created: '2026-01-01T00:00:00Z',
        body: create('after.txt', 'x'),
      },
      '3-real': { title: 'An issue of prose only', body: 'Nothing that a program could do.' },
      '4-bad': { title: 'Bad', priority: 'very' },
    },
  });
});
afterEach(() => project.remove());

test('four agents work issues off, stage by stage, in the order of their blockers, and leave nothing behind', async () => {
  const daemon = project.start('--until-idle');
  onTestFinished(() => daemon.kill('SIGTERM'));
  const { exitCode, all } = await daemon.ended;
  expect(all).toContain('3 of 3 tasks done');
  expect(all).toContain('4-bad.md:');
  expect(exitCode).toBe(0);

  await project.git('fetch', '-q');
  expect(await project.deployed('hello.txt')).toBe('こんにちは');
  expect(await project.deployed('after.txt')).toBe('x');
  expect(await project.readIssue('1-hello')).toContain('status:done');
  expect((await project.git('worktree', 'list')).stdout.split('\n')).toHaveLength(1);
  expect((await project.git('branch', '--list', 'orchestra/*')).stdout).toBe('');
  await expectNothingRuns(project.folder);

  const facts = await project.loggedFacts();
  const named = (name: string, id: string) =>
    facts.filter((fact) => fact.name === name && fact.about === id).map(({ body }) => body);
  for (const id of ['1', '2', '3']) {
    const stages = named('task.finished', id).map(({ stage, outcome }) => `${stage} ${outcome}`);
    expect(stages).toEqual(['codegen done', 'review done', 'pr done', 'deploy done']);
    expect(named('task.completed', id)).toHaveLength(1);
  }
  const indexOf = (name: string, about: string) =>
    facts.findIndex((fact) => fact.name === name && fact.about === about);
  expect(indexOf('task.claimed', '2')).toBeGreaterThan(indexOf('task.completed', '1'));
  const delivered = facts.filter(({ name }) => name === 'agent.message.delivered');
  expect(delivered.map(({ body }) => body['from'])).toContain('kaede');
});
