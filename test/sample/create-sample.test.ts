import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { applyEdits } from '../../src/sample/apply-edits.ts';
import { parseChangeRequest, parseEdits } from '../../src/sample/change-request.ts';
import { createSample } from '../../src/sample/create-sample.ts';
import { openLocalTracker } from '../../src/tracker/local/local-tracker.ts';
import { agentGitEnvironment } from '../../src/worktrees/agent-git-environment.ts';
import { openWorktrees } from '../../src/worktrees/open-worktrees.ts';

async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'orchestra sample-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function run(directory: string, command: string, ...args: string[]): Promise<string> {
  const { stdout } = await execa(command, args, { cwd: directory, env: { ...agentGitEnvironment('kaede') } });
  return stdout;
}

/** The issues of a sample, none before those it is blocked by. */
async function issuesInOrder(folder: string) {
  const { issues, problems } = await openLocalTracker({ folder }).list();
  expect(problems).toEqual([]);
  const done = new Set<string>();
  const ordered: typeof issues = [];
  while (ordered.length < issues.length) {
    const ready = issues.filter(
      ({ id, blockedBy }) => !done.has(id) && blockedBy.every((blocker) => done.has(blocker)),
    );
    expect(ready).not.toEqual([]);
    for (const issue of ready) done.add(issue.id);
    ordered.push(...ready);
  }
  return ordered;
}

test('a checkout with a remote, and issues', async () => {
  const root = await temporaryFolder();
  const sample = await createSample(join(root, 'deep', 'sample'));
  expect(sample.created).toBe(true);
  expect(await run(sample.repository, 'git', 'status', '--porcelain', '--branch')).toBe(
    '## main...origin/main',
  );
  expect(await run(sample.repository, 'git', 'rev-parse', '--abbrev-ref', 'origin/HEAD')).toBe('origin/main');
  expect(await run(sample.repository, 'git', 'ls-remote', '--symref', 'origin', 'HEAD')).toContain(
    'ref: refs/heads/main',
  );
  expect(await run(sample.repository, 'node', 'check.mjs')).toBe(
    '2 greetings and 1 haiku, all in good shape.',
  );
  expect(await run(sample.repository, 'node', 'greet.mjs', 'spanish', '$&')).toBe('¡Hola, $&!');
  const { issues, problems } = await openLocalTracker({ folder: sample.issues }).list();
  expect(problems).toEqual([]);
  expect(issues.length).toBeGreaterThanOrEqual(8);
  expect(issues.filter(({ blockedBy }) => blockedBy.length > 0)).toHaveLength(3);
  expect((await readdir(join(root, 'deep', 'sample'))).sort()).toEqual([
    '.orchestra-sample',
    'issues',
    'origin.git',
    'repository',
  ]);
});

test('an existing sample is left alone, a fresh one begins again', async () => {
  const root = await temporaryFolder();
  const { issues, repository } = await createSample(root);
  await writeFile(join(issues, '99-mine.md'), '---\ntitle: Mine\n---\n');
  await writeFile(join(repository, 'mine'), '');
  await writeFile(join(root, 'state'), 'not ours');
  expect(await createSample(root)).toMatchObject({ created: false, issues, repository });
  expect(await readdir(issues)).toContain('99-mine.md');
  expect(await createSample(root, { fresh: true })).toMatchObject({ created: true });
  expect(await readdir(issues)).not.toContain('99-mine.md');
  expect(await readdir(repository)).not.toContain('mine');
  expect(await readFile(join(root, 'state'), 'utf8')).toBe('not ours');
});

test.each([false, true])("somebody else's files are never touched (fresh: %j)", async (fresh) => {
  const root = await temporaryFolder();
  await mkdir(join(root, 'repository'));
  await writeFile(join(root, 'repository', 'precious'), 'x');
  await expect(createSample(root, { fresh })).rejects.toMatchObject({
    name: 'SampleError',
    code: 'occupied',
  });
  expect(await readdir(root)).toEqual(['repository']);
});

test('every issue can be done by itself on the first commit, and leaves everything in good shape', async () => {
  const root = await temporaryFolder();
  const { repository, issues } = await createSample(join(root, 'sample'));
  const worktrees = await openWorktrees({ repository, directory: join(root, 'worktrees') });
  for (const { id, title, body } of await issuesInOrder(issues)) {
    const edits = parseChangeRequest({ task: id, title, body });
    expect(edits, title).toEqual(parseEdits(body));
    const { path } = await worktrees.prepare(id, title);
    expect(await applyEdits(path, edits), title).not.toEqual([]);
    await run(path, 'node', 'check.mjs');
    await run(path, 'node', 'greet.mjs');
    expect(await applyEdits(path, edits, { dryRun: true })).toEqual([]);
  }
});

test('all issues, worked on side by side and merged one after the other, fit together', async () => {
  const root = await temporaryFolder();
  const { repository, issues } = await createSample(join(root, 'sample'));
  const worktrees = await openWorktrees({ repository, directory: join(root, 'worktrees') });
  const ordered = await issuesInOrder(issues);
  for (const { id, title, body } of ordered) {
    const { path } = await worktrees.prepare(id, title);
    await applyEdits(path, parseChangeRequest({ task: id, title, body }));
    await run(path, 'git', 'add', '--all');
    await run(path, 'git', 'commit', '--quiet', '-m', title);
  }
  for (const { id, title, body } of ordered) {
    const { path } = await worktrees.prepare(id, title);
    await run(path, 'git', 'fetch', '--quiet', 'origin');
    await run(path, 'git', 'merge', '--quiet', '--no-edit', 'origin/main');
    await run(path, 'node', 'check.mjs');
    expect(await applyEdits(path, parseChangeRequest({ task: id, title, body }), { dryRun: true })).toEqual(
      [],
    );
    await run(path, 'git', 'push', '--quiet', 'origin', 'HEAD:main');
    expect(await worktrees.isMerged(id)).toBe(true);
    await worktrees.remove(id, { deleteBranch: true });
  }
  await run(repository, 'git', 'pull', '--quiet');
  expect(await run(repository, 'node', 'check.mjs')).toBe('5 greetings and 3 haiku, all in good shape.');
  expect(await run(repository, 'node', 'greet.mjs', 'english', 'Kaede', 'goodbye')).toBe('Goodbye, Kaede!');
  expect(await run(repository, 'node', 'greet.mjs', 'robot', '$(whoami)')).toBe(
    "$(beep) #{boop} {{ bzzt }} `$(whoami)` 'click' && \\o/",
  );
  expect(await worktrees.list()).toEqual([]);
});
