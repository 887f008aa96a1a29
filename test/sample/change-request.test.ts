import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseChangeRequest, parseEdits } from '../../src/sample/change-request.ts';

const fence = '```';

test('three phrases, each with its blocks, in prose', () => {
  const body = `Please do this. First, create \`a/b.txt\`:

${fence}txt
one

\`\`two\`\`
${fence}
Then append to \`README.md\`:
~~~~
${fence}
code
${fence}
~~~~

Replace in \`x.js\`:
${fence}js
old
${fence}

with:

${fence}js
${fence}
Thank you.`;
  expect(parseEdits(body)).toEqual([
    { kind: 'create', path: 'a/b.txt', text: 'one\n\n``two``\n' },
    { kind: 'append', path: 'README.md', text: '```\ncode\n```\n' },
    { kind: 'replace', path: 'x.js', before: 'old\n', after: '' },
  ]);
});

test('Windows line endings and directly following blocks are the same', () => {
  expect(parseEdits('REPLACE IN `x`:\r\n```\r\na\r\n```\r\n```\r\nb\r\n```\r\n')).toEqual([
    { kind: 'replace', path: 'x', before: 'a\n', after: 'b\n' },
  ]);
});

test.each([
  ['no block', 'Create `x`:\n\nwhatever you like'],
  ['a block that never ends', 'Create `x`:\n```\ntext'],
  ['only one block to replace', 'Replace in `x`:\n```\na\n```\nwith nothing'],
  ['no colon', 'Create `x`\n```\na\n```'],
  ['part of a word', 'Recreate `x`:\n```\na\n```'],
  ['an example inside a block', '````\nCreate `x`:\n```\na\n```\n````'],
  ['several words', 'Create a file `x`:\n```\na\n```'],
])('%s is prose', (_, body) => {
  expect(parseEdits(body)).toEqual([]);
});

test('a phrase without its blocks does not swallow the next one', () => {
  expect(parseEdits('Create `x`:\n\nCreate `y`:\n```\na\n```')).toEqual([
    { kind: 'create', path: 'y', text: 'a\n' },
  ]);
});

test('an issue that asks for nothing in particular gets a note', () => {
  const body = Array.from({ length: 20 }, (_, index) => `line ${index}`).join('\n');
  expect(parseChangeRequest({ task: '12', title: 'A title', body })).toEqual([
    {
      kind: 'create',
      path: 'notes/issue-12.md',
      text: expect.stringMatching(/^# A title\n\nline 0\n.*line 9\n$/s),
    },
  ]);
  expect(parseChangeRequest({ task: '12', title: 'A title', body: '' })).toEqual([
    { kind: 'create', path: 'notes/issue-12.md', text: '# A title\n' },
  ]);
});

test('any text whatever comes through a long enough fence', () => {
  const text = fc.array(
    fc.string({ unit: 'grapheme' }).filter((line) => !/[\r\n]/.test(line) && !/^`{9}/.test(line)),
  );
  fc.assert(
    fc.property(text, (lines) => {
      const body = `Create \`x\`:\n${'`'.repeat(9)}\n${lines.map((line) => `${line}\n`).join('')}${'`'.repeat(9)}\n`;
      expect(parseEdits(body)).toEqual([
        { kind: 'create', path: 'x', text: lines.map((line) => `${line}\n`).join('') },
      ]);
    }),
  );
});

const REAL_ISSUES = process.env['REAL_ISSUES_FILE'] ?? '/work/shared/data/real-issues.json';

test('every real issue gives something to do', (context) => {
  if (!existsSync(REAL_ISSUES)) return context.skip(`${REAL_ISSUES} is not on this machine`);
  const records: { number: number; title: string; body: string }[] = JSON.parse(
    readFileSync(REAL_ISSUES, 'utf8'),
  );
  for (const { number, title, body } of records) {
    expect(parseChangeRequest({ task: String(number), title, body }).length).toBeGreaterThan(0);
  }
});
