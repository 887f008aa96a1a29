import { writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openLocalTracker } from '../../../src/tracker/local/local-tracker.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const issue = (title: string, more = '') => `---\ntitle: ${title}\n${more}---\n\nbody of ${title}\n`;

async function trackerWith(files: Record<string, string>) {
  const folder = await temporaryFolder(files);
  const tracker = openLocalTracker({ folder, now: () => new Date('2026-11-22T15:00:00Z') });
  const read = (name: string) => readFile(join(folder, name), 'utf8');
  return { folder, tracker, read };
}

test('good files are listed, bad ones are named, strangers are ignored', async () => {
  const { folder, tracker } = await trackerWith({
    '0002-b.md': issue('b', 'blocked_by: [10, 3]\n'),
    '10-c.md': issue('c'),
    '2-again.md': issue('again'),
    '3-bad.md': '---\npriority: 7\n---\n',
    'not an id.md': issue('d'),
    'README.md': 'about this folder',
    'notes.txt': 'x',
    '.hidden.md': 'x',
    '5-large.md': issue('large') + 'x'.repeat(1024 * 1024),
  });
  await writeFile(join(folder, '6-latin1.md'), Buffer.from('---\ntitle: caf\xe9\n---\n', 'latin1'));
  await symlink('/etc/hostname', join(folder, '7-link.md'));
  await mkdir(join(folder, '8-folder.md'));

  const { issues, problems } = await tracker.list();
  expect(issues.map(({ id, title }) => [id, title])).toEqual([
    ['2', 'b'],
    ['10', 'c'],
  ]);
  expect(
    problems.map(({ file, line, column, message }) => `${basename(file)}:${line}:${column} ${message}`),
  ).toEqual([
    `2-again.md:1:1 ${folder}/0002-b.md is issue 2 already`,
    '7-link.md:1:1 is not a regular file',
    '8-folder.md:1:1 is not a regular file',
    'not an id.md:1:1 the file name gives no issue id',
    '3-bad.md:2:1 title is missing',
    '3-bad.md:2:11 priority is not a number from 0 to 4',
    '5-large.md:1:1 is larger than 1 MiB',
    '6-latin1.md:1:1 is not UTF-8 text',
    '0002-b.md:3:18 blocked by 3, whose file cannot be read',
  ]);
  expect(problems.every(({ remedy }) => remedy)).toBe(true);
});

test('issues in a cycle are listed and the cycle is named', async () => {
  const { tracker } = await trackerWith({
    '1.md': issue('a', 'blocked_by: [2]\n'),
    '2.md': issue('b', 'blocked_by: [1]\n'),
  });
  const { issues, problems } = await tracker.list();
  expect(issues).toHaveLength(2);
  expect(problems.map(({ message }) => message)).toEqual(['dependency cycle: 1 → 2 → 1']);
});

test('an unchanged file is not read again, a changed, replaced or removed one is noticed', async () => {
  const { folder, tracker } = await trackerWith({
    '1.md': issue('aaa'),
    '2.md': issue('b'),
    '3.md': issue('c'),
  });
  const time = new Date('2026-01-01T00:00:00Z');
  await utimes(join(folder, '1.md'), time, time);
  const first = (await tracker.list()).issues;

  // The same size and time in the same file: only a reader without a memory would see this.
  writeFileSync(join(folder, '1.md'), issue('bbb'));
  await utimes(join(folder, '1.md'), time, time);
  await writeFile(join(folder, '.new'), issue('replaced'));
  await rename(join(folder, '.new'), join(folder, '2.md'));
  await rm(join(folder, '3.md'));
  const second = (await tracker.list()).issues;
  expect(second.map(({ title }) => title)).toEqual(['aaa', 'replaced']);
  expect(second[1]?.createdAt).toBe(first[1]?.createdAt);
});

test('labels are set once', async () => {
  const { tracker, read } = await trackerWith({ '0001-a.md': issue('a', 'labels: [x] # mine\n') });
  expect(await tracker.setLabels('1', { add: ['status:done'], remove: ['x'] })).toBe('changed');
  expect(await tracker.setLabels('1', { add: ['status:done'], remove: ['x'] })).toBe('unchanged');
  expect(await read('0001-a.md')).toBe(issue('a', 'labels: [status:done] # mine\n'));
  expect((await tracker.list()).issues[0]).toMatchObject({ labels: ['status:done'], closed: true });
});

test('many writes at once are all there afterwards', async () => {
  const { folder, tracker } = await trackerWith({ '1.md': issue('a') });
  const numbers = Array.from({ length: 20 }, (_, index) => String(index));
  await Promise.all(
    numbers.flatMap((number): Promise<unknown>[] => [
      tracker.setLabels('1', { add: [`label-${number}`], remove: [] }),
      tracker.comment('1', { author: 'kaede', text: `text ${number}`, marker: `m-${number}` }),
    ]),
  );
  const text = await readFile(join(folder, '1.md'), 'utf8');
  for (const number of numbers) expect(text).toContain(`text ${number}\n`);
  expect((await tracker.list()).issues[0]?.labels).toEqual(numbers.map((number) => `label-${number}`));
  expect(await readdir(folder)).toEqual(['1.md']);
});

test('a comment is added once, also by a tracker that was opened later', async () => {
  const { folder, tracker, read } = await trackerWith({ '1.md': issue('a') });
  const comment = { author: 'kaede', text: 'done', marker: 'task-1:done' };
  expect(await tracker.comment('1', comment)).toBe('added');
  expect(await openLocalTracker({ folder }).comment('1', comment)).toBe('present');
  expect(await read('1.md')).toContain('**kaede** 2026-11-22T15:00:00.000Z');
  expect((await tracker.list()).issues[0]?.body).toBe('body of a');
});

test('a renamed file is found again', async () => {
  const { folder, tracker, read } = await trackerWith({ '1-old.md': issue('a') });
  await tracker.list();
  await rename(join(folder, '1-old.md'), join(folder, '1-new.md'));
  expect(await tracker.setLabels('1', { add: ['x'], remove: [] })).toBe('changed');
  expect(await read('1-new.md')).toContain('labels: [x]');
});

test('what cannot be done says why', async () => {
  const { folder, tracker } = await trackerWith({
    '1.md': issue('a'),
    '2.md': 'no front matter',
    '3.md': '---\n{title: x}\n---\n',
  });
  const change = { add: ['x'], remove: [] };
  await expect(tracker.setLabels('9', change)).rejects.toMatchObject({ code: 'issue-not-found' });
  await expect(tracker.setLabels('2', change)).rejects.toMatchObject({ code: 'issue-unreadable' });
  await expect(tracker.setLabels('3', change)).rejects.toMatchObject({ code: 'issue-unreadable' });
  const comment = { author: 'a', text: 'b', marker: 'x --> y' };
  await expect(tracker.comment('1', comment)).rejects.toMatchObject({ code: 'invalid-argument' });
  const nowhere = openLocalTracker({ folder: join(folder, 'missing') });
  await expect(nowhere.list()).rejects.toMatchObject({ name: 'TrackerError', code: 'unavailable' });
  // After a failure the next write goes ahead.
  expect(await tracker.setLabels('1', change)).toBe('changed');
});

test.each<[string, (folder: string) => Promise<void>]>([
  ['a new file', (folder) => writeFile(join(folder, '2.md'), issue('b'))],
  ['an edited file', (folder) => writeFile(join(folder, '1.md'), issue('edited'))],
  ['a removed file', (folder) => rm(join(folder, '1.md'))],
  [
    'a file replaced by an editor',
    async (folder) => {
      await writeFile(join(folder, '1.md~'), issue('edited'));
      await rename(join(folder, '1.md~'), join(folder, '1.md'));
    },
  ],
])('watching tells of %s, and of nothing after it is closed', async (_, change) => {
  const { folder, tracker } = await trackerWith({ '1.md': issue('a') });
  const before = JSON.stringify(await tracker.list());
  const onChange = vi.fn();
  const watcher = await tracker.watch(onChange);
  onTestFinished(() => watcher.close());
  await change(folder);
  await vi.waitFor(() => expect(onChange).toHaveBeenCalled(), { timeout: 30_000 });
  expect(JSON.stringify(await tracker.list())).not.toBe(before);
  await watcher.close();
});

test('our own writes are told as well, so that a listing never stays behind', async () => {
  const { tracker } = await trackerWith({ '1.md': issue('a') });
  const onChange = vi.fn();
  const watcher = await tracker.watch(onChange);
  onTestFinished(() => watcher.close());
  for (const label of ['x', 'y', 'z']) {
    onChange.mockClear();
    await tracker.setLabels('1', { add: [label], remove: [] });
    await vi.waitFor(() => expect(onChange).toHaveBeenCalled(), { timeout: 30_000 });
  }
});

test('a folder that comes, goes and comes back is watched all the time', async () => {
  const root = await temporaryFolder();
  const folder = join(root, 'issues');
  const tracker = openLocalTracker({ folder });
  const onChange = vi.fn();
  const watcher = await tracker.watch(onChange);
  onTestFinished(() => watcher.close());
  const steps = [
    () => mkdir(folder),
    () => writeFile(join(folder, '1.md'), issue('a')),
    () => rm(folder, { recursive: true }),
    () => mkdir(folder),
    () => writeFile(join(folder, '1.md'), issue('a')),
  ];
  for (const step of steps) {
    onChange.mockClear();
    await step();
    await vi.waitFor(() => expect(onChange).toHaveBeenCalled(), { timeout: 30_000 });
  }
  const nowhere = openLocalTracker({ folder: join(root, 'none', 'issues') });
  await expect(nowhere.watch(onChange)).rejects.toMatchObject({ code: 'unavailable' });
});
