import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { importIssues } from '../../src/tracker/import-issues.ts';
import { openLocalTracker } from '../../src/tracker/local/local-tracker.ts';
import type { Problem } from '../../src/tracker/tracker.ts';
import { temporaryFolder } from './temporary-folder.ts';

const own = (number: number, more: object = {}) => ({
  number,
  title: `Title ${number}`,
  body: `Body ${number}`,
  ...more,
});

async function exported(name: string, content: string) {
  const root = await temporaryFolder({ [name]: content });
  const folder = join(root, 'issues');
  const list = async () => (await openLocalTracker({ folder }).list()).issues;
  return { file: join(root, name), folder, list };
}

const places = (problems: Problem[]) =>
  problems.map(({ file, line, column, message }) => `${basename(file)}:${line}:${column} ${message}`);

test('our own shape, with everything in it', async () => {
  const record = own(12, {
    title: '日本語 "title": #{x} $(y)',
    body: '\n---\nlabels: [z]\n---\n<!-- orchestra:comments -->\nstill the body\r\nend',
    type: 'bug',
    priority: 0,
    labels: ['a, b', 'status:todo', 'new\nline'],
    createdAt: '2026-01-02T03:04:05+09:00',
    closedAt: '2026-02-01T00:00:00Z',
    blockedBy: [3],
    parent: null,
    key: 'x-1',
  });
  const { file, folder, list } = await exported('issues.json', JSON.stringify([record, own(3)]));
  expect(await importIssues({ file, folder })).toEqual({ imported: 2, kept: 0, problems: [] });
  expect(await readdir(folder)).toEqual(['0003-title-3.md', '0012-title-x-y.md']);
  expect((await list())[1]).toMatchObject({
    id: '12',
    number: 12,
    title: '日本語 "title": #{x} $(y)',
    body: '---\nlabels: [z]\n---\n <!-- orchestra:comments -->\nstill the body\nend',
    type: 'bug',
    priority: 0,
    labels: ['a, b', 'status:todo', 'new line'],
    createdAt: '2026-01-01T18:04:05.000Z',
    blockedBy: ['3'],
    closed: true,
  });
});

test("GitHub's shape, in an array, in an object, and one a line", async () => {
  const record = {
    number: 7,
    title: 'T',
    body: '',
    labels: [{ name: 'bug', color: 'f00' }],
    createdAt: '2026-01-02T03:04:05Z',
    state: 'CLOSED',
  };
  const texts = {
    'a.json': JSON.stringify([record], undefined, 2),
    'b.json': `\uFEFF${JSON.stringify({ issues: [record] })}`,
    'c.jsonl': `\uFEFF${JSON.stringify(record)}\r\n\r\n`,
  };
  for (const [name, text] of Object.entries(texts)) {
    const { file, folder, list } = await exported(name, text);
    expect(await importIssues({ file, folder })).toEqual({ imported: 1, kept: 0, problems: [] });
    expect((await list())[0]).toMatchObject({ id: '7', labels: ['bug'], closed: true, priority: 2 });
  }
});

test('reopen treats closed issues as open, whatever closed them', async () => {
  const records = [
    own(1, { closedAt: '2026-01-02T03:04:05Z' }),
    own(2, { state: 'closed' }),
    own(3, { labels: ['status:done', 'keep'] }),
  ];
  const { file, folder, list } = await exported('issues.json', JSON.stringify(records));
  await importIssues({ file, folder, reopen: true });
  const issues = await list();
  expect(issues.map(({ closed }) => closed)).toEqual([false, false, false]);
  expect(issues[2]?.labels).toEqual(['keep']);
});

test('issues that are there are kept and counted, or overwritten with their comments kept', async () => {
  const { file, folder } = await exported(
    'issues.jsonl',
    [own(1), own(2)].map((one) => JSON.stringify(one)).join('\n'),
  );
  await mkdir(folder, { recursive: true });
  const mine = '---\ntitle: Mine\n---\n\n<!-- orchestra:comments -->\n\nprecious\n';
  await writeFile(join(folder, '1-mine.md'), mine);
  expect(await importIssues({ file, folder })).toEqual({ imported: 1, kept: 1, problems: [] });
  expect(await readFile(join(folder, '1-mine.md'), 'utf8')).toBe(mine);
  expect(await importIssues({ file, folder })).toMatchObject({ imported: 0, kept: 2 });
  expect(await importIssues({ file, folder, overwrite: true })).toMatchObject({ imported: 2, kept: 0 });
  const text = await readFile(join(folder, '1-mine.md'), 'utf8');
  expect(text).toContain('title: Title 1');
  expect(text).toMatch(/\n\n<!-- orchestra:comments -->\n\nprecious\n$/);
});

test('a limit leaves no issue waiting for one that stayed behind', async () => {
  const records = [own(1, { blockedBy: [2, 3, 99] }), own(2), own(3)];
  const { file, folder, list } = await exported('issues.json', JSON.stringify(records));
  expect(await importIssues({ file, folder, limit: 2 })).toMatchObject({ imported: 2 });
  // 99 is in no file: that is for a person to see, not for us to forget.
  expect((await list())[0]?.blockedBy).toEqual(['2', '99']);
});

test('bad records are named with record, field and place; the others go in', async () => {
  const array = `[
  {"number": 1, "title": "good"},
  {"number": 2, "title": "x", "priority": 9},
  {"title": "no number"},
  17,
  {"number": 5, "title": " \\u0000 ", "blockedBy": ["3"]},
  {"number": 1, "title": "again"}
]`;
  const { file, folder } = await exported('issues.json', array);
  const { imported, problems } = await importIssues({ file, folder });
  expect(imported).toBe(1);
  expect(places(problems)).toEqual([
    'issues.json:3:43 record 2 (issue 2): priority must be at most 4',
    'issues.json:4:3 record 3: number must be a whole number',
    'issues.json:5:3 record 4: the issue must be an object',
    'issues.json:6:26 record 5 (issue 5): title must not be empty',
    'issues.json:6:52 record 5 (issue 5): blockedBy.0 must be the number of an issue',
    'issues.json:1:1 issue 1 comes a second time; the first one counts',
  ]);
});

test('bad lines are named', async () => {
  const lines = ['{"number": 1, "title": "good"}', '', '{"number": 2, "title": 5}', '{"number": 3,}'];
  const { file, folder } = await exported('issues.ndjson', lines.join('\n'));
  const { imported, problems } = await importIssues({ file, folder });
  expect(imported).toBe(1);
  expect(places(problems)).toEqual([
    'issues.ndjson:3:24 line 3 (issue 2): title must be text',
    expect.stringMatching(/^issues\.ndjson:4:14 is not JSON: /),
  ]);
});

test('JSON that is none says where', async () => {
  const broken = await exported('issues.json', '[\n  {"number": 1,\n  }\n]');
  expect(places((await importIssues(broken)).problems)[0]).toMatch(/^issues\.json:3:3 is not JSON/);
  const cut = await exported('issues.json', '[\n  {"number": 1');
  expect(places((await importIssues(cut)).problems)[0]).toMatch(/^issues\.json:2:15 is not JSON/);
  const other = await exported('issues.json', '{"data": []}');
  expect((await importIssues(other)).problems[0]?.remedy).toContain('.jsonl');
});

test('files that cannot be read or written are errors', async () => {
  const { file, folder } = await exported('issues.json', JSON.stringify([own(1)]));
  await expect(importIssues({ file: `${file}.jsonl`, folder })).rejects.toMatchObject({
    code: 'unavailable',
  });
  await mkdir(`${file}.ndjson`);
  await expect(importIssues({ file: `${file}.ndjson`, folder })).rejects.toMatchObject({
    code: 'unavailable',
  });
  await expect(importIssues({ file, folder: join(file, 'x') })).rejects.toMatchObject({
    code: 'write-failed',
  });
});

const REAL_ISSUES = process.env['REAL_ISSUES_FILE'] ?? '/work/shared/data/real-issues.json';

// Each is flushed to a disk that others may keep busy.
test('598 real issues come through whole', { timeout: 300_000 }, async (context) => {
  if (!existsSync(REAL_ISSUES)) return context.skip(`${REAL_ISSUES} is not on this machine`);
  const folder = await temporaryFolder();
  expect(await importIssues({ file: REAL_ISSUES, folder })).toEqual({ imported: 598, kept: 0, problems: [] });
  const { issues, problems } = await openLocalTracker({ folder }).list();
  expect(problems).toEqual([]);
  const records: {
    number: number;
    title: string;
    body: string;
    blockedBy: number[];
    closedAt: string | null;
  }[] = JSON.parse(await readFile(REAL_ISSUES, 'utf8'));
  const byId = new Map(issues.map((issue) => [issue.id, issue]));
  for (const record of records) {
    expect(byId.get(String(record.number))).toMatchObject({
      title: record.title.replace(/\s+/g, ' ').trim(),
      body: record.body.replace(/^(?:[ \t]*\n)+/, '').trimEnd(),
      blockedBy: record.blockedBy.map(String),
      closed: record.closedAt !== null,
    });
  }
});
