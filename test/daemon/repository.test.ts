/** The daemon and its repository: refused when it is of no use, waited for when it is away, tidied up when tasks are over. */
import { access, rename, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { afterEach, expect, test } from 'vitest';
import { expectNothingRuns } from './nothing-runs.ts';
import { OrchestraProject, type ProjectOptions } from './orchestra-project.ts';
import './patient.ts';
import { processesOf } from './processes-of.ts';
import { waitUntil } from './wait-until.ts';

let project: OrchestraProject;
afterEach(() => project.remove());

async function create(script: string, issues: ProjectOptions['issues'] = {}): Promise<void> {
  const kaede = { roles: ['codegen'], adapter: 'command', command: ['sh', '-c', script] };
  project = await OrchestraProject.create({ agents: { kaede }, issues });
}

const worktree = (task: string) => project.path('state', 'worktrees', task);
const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

test('a repository that is away is told once, and the daemon goes on when it is back', async () => {
  await create('true');
  await project.up();
  await rename(project.path('repository'), project.path('away'));
  for (const task of ['1', '2']) {
    // Nothing is worked on meanwhile: these tasks are over as soon as they are known.
    await project.writeIssue(`${task}-closed`, { title: 'Closed', closed: true });
  }
  await project.fact('failure', ({ name }) => name === 'node.repository.failed');
  await rename(project.path('away'), project.path('repository'));
  await project.writeIssue('3-three', { title: 'Three' });
  await project.fact('the end', ({ name, about }) => name === 'task.completed' && about === '3');
  expect(project.factsNamed('node.repository.failed')).toHaveLength(1);
  expect(project.factsNamed('node.supervisor.exhausted')).toEqual([]);
  expect(project.factsNamed('node.child.terminated')).toEqual([]);
});

test('a repository without a commit is refused at the start', async () => {
  await create('true');
  await execa('git', ['init', '-q', project.path('empty')]);
  await project.writeConfig({
    state: 'state',
    repository: 'empty',
    agents: { kaede: { roles: ['codegen'], adapter: 'command', command: ['true'] } },
    flow: ['codegen'],
  });
  const { exitCode, all } = await project.start().ended;
  expect(all).toContain('has no commits to start from. Make a first commit.');
  expect(exitCode).not.toBe(0);
});

test('the worktree of a task that was closed is removed; one with changes stays and is told once', async () => {
  await create('if [ "$ORCHESTRA_TASK" = 2 ]; then echo mine > "$ORCHESTRA_WORKTREE/mine"; fi; exit 1', {
    '1-one': { title: 'One' },
    '2-two': { title: 'Two' },
  });
  await project.up();
  for (const task of ['1', '2']) {
    await project.fact('failure', ({ name, about }) => name === 'task.failed' && about === task);
    expect(await isThere(worktree(task))).toBe(true);
    const name = task === '1' ? '1-one' : '2-two';
    // No lock keeps the daemon from writing over an edit that comes in the middle of its own.
    await waitUntil('label and comment', async () => {
      const text = await project.readIssue(name);
      return text.includes('status:failed') && text.includes('orchestra:comment');
    });
    await project.writeIssue(name, { title: 'Over', closed: true });
  }
  await waitUntil('the clean worktree to go', async () => !(await isThere(worktree('1'))));
  const kept = await project.fact('kept', ({ name }) => name === 'node.worktree.kept');
  expect(kept.body).toMatchObject({ task: '2', reason: expect.stringContaining('uncommitted changes') });
  // Another task that is over makes it look again.
  await project.writeIssue('3-three', { title: 'Three', closed: true });
  await project.fact('discovery', ({ name, about }) => name === 'task.discovered' && about === '3');
  expect(await isThere(worktree('2'))).toBe(true);
  expect(project.factsNamed('node.worktree.kept')).toHaveLength(1);
});

test('a git that hangs ends with the daemon', async () => {
  await create('true', { '1-one': { title: 'One' } });
  const slow = project.path('bin');
  await execa('mkdir', [slow]);
  const { stdout: git } = await execa('which', ['git']);
  const script = `case "$*" in *"worktree add"*) sleep 1000 & wait ;; *) exec '${git}' "$@" ;; esac`;
  await writeFile(`${slow}/git`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const path = process.env['PATH'];
  process.env['PATH'] = `${slow}:${path}`;
  try {
    await project.up();
  } finally {
    process.env['PATH'] = path;
  }
  const gits = async () =>
    (await processesOf(project.folder)).filter(({ command }) => command.includes('worktree add'));
  await waitUntil('git at work', async () => (await gits()).length > 0);
  project.daemon.kill('SIGTERM');
  await project.daemon.ended;
  await expectNothingRuns(project.folder);
});
