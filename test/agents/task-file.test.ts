/** The task as files: what comes from an issue comes through as data, to the letter. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { renderPrompt, taskFiles, writeTaskFiles } from '../../src/agents/task-file.ts';
import { noSmallDisk, smallDisk } from '../limits/small-disk.ts';
import { sampleAssignment } from './sample-assignment.ts';

const shipped = await readFile(
  join(import.meta.dirname, '..', '..', 'config', 'prompts', 'task.liquid'),
  'utf8',
);

const asTemplate = (text: string) => ({ file: 'config/prompts/task.liquid', text });

const hostile = [
  '{{ token }} {{ agent }} {% if true %}x{% endif %}',
  '{% include "/etc/passwd" %}{% render "x" %}{%- endraw -%}',
  '{% raw %}',
  '{{',
  `"quotes" 'and' \`ticks\` $(touch x) <b>&amp;</b> \\n`,
  'line\nbreak\r\n\ttab\n\n# heading\n---',
  '\u001b[31mred\u202e 日本語 🎹',
];

describe.each(hostile)('%j', (text) => {
  test('comes through from every field as it is', async () => {
    const assignment = sampleAssignment({
      title: text,
      body: text,
      reason: text,
      labels: [text],
      branch: text,
    });
    const template = '{{ title }}|{{ body }}|{{ reason }}|{{ labels | join: "," }}|{{ branch }}';
    expect(await renderPrompt(asTemplate(template), 'kaede', assignment)).toBe(
      Array.from({ length: 5 }, () => text).join('|'),
    );
    const prompt = await renderPrompt(asTemplate(shipped), 'kaede', assignment);
    expect(prompt).toContain(`## ${text}\n\n${text}`);
    expect(prompt).toContain(`What the last attempt left for you to know: ${text}`);
  });
});

test('any text at all comes through', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
      expect(await renderPrompt(asTemplate('{{ body }}'), 'kaede', sampleAssignment({ body: text }))).toBe(
        text,
      );
    }),
  );
});

test('the shipped prompt names agent, task, stage, attempt, worktree and branch', async () => {
  const prompt = await renderPrompt(asTemplate(shipped), 'kaede', sampleAssignment());
  for (const part of [
    'kaede',
    'Task 7',
    '**codegen**',
    'attempt 1',
    '`/state/worktrees/7`',
    '`orchestra/7`',
    'こんにちは',
  ]) {
    expect(prompt).toContain(part);
  }
  expect(prompt).not.toContain('What the last attempt left');
});

test.each([
  ['an unknown variable', '{{ nobody }}'],
  ['what every object has', '{{ title.constructor }}'],
  ['an unknown filter', '{{ title | shout }}'],
  ['a file', '{% include "task.liquid" %}'],
  ['a layout', '{% layout "/etc/passwd" %}'],
  ['a tag without end', '{% if task %}'],
  ['a loop without end', '{% for a in (1..100000000) %}{{ a }}{% endfor %}'],
])('a template with %s is an error', async (_name, template) => {
  await expect(renderPrompt(asTemplate(template), 'kaede', sampleAssignment())).rejects.toThrow(
    'config/prompts/task.liquid: ',
  );
});

test('both files stand in the agent folder, replaced as a whole, with nothing beside them', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'orchestra task-'));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  const folder = join(parent, 'agents', 'kaede');
  const assignment = sampleAssignment({ title: hostile.join(' '), body: hostile.join('\n') });
  const files = await writeTaskFiles(folder, 'first, and longer than the second', assignment);
  expect(files).toEqual(taskFiles(folder));
  await writeFile(join(folder, 'inbox.jsonl'), '');
  await writeTaskFiles(folder, 'second', assignment);
  expect(await readFile(files.markdown, 'utf8')).toBe('second');
  expect(JSON.parse(await readFile(files.json, 'utf8'))).toEqual(assignment);
  expect((await readdir(folder)).toSorted()).toEqual(['inbox.jsonl', 'task.json', 'task.md']);
});

test.skipIf(noSmallDisk)('a full disk leaves the files as they were, and no draft', async () => {
  const disk = await smallDisk(1);
  const folder = join(disk.folder, 'kaede');
  const files = await writeTaskFiles(folder, 'before', sampleAssignment());
  await disk.fill(8_192);
  await expect(writeTaskFiles(folder, 'x'.repeat(100_000), sampleAssignment())).rejects.toMatchObject({
    code: 'ENOSPC',
  });
  expect(await readFile(files.markdown, 'utf8')).toBe('before');
  expect((await readdir(folder)).toSorted()).toEqual(['task.json', 'task.md']);
});
