/** No case of OTP's suite gets lost: each that can hold here has a test of its name, and each test is of a case. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type OtpCase, otpCases } from './cases.ts';

const here = new URL('.', import.meta.url);
const files = readdirSync(here)
  .filter((name) => name.endsWith('.test.ts') && name !== 'completeness.test.ts')
  .map((name) => ({ name, text: readFileSync(new URL(name, here), 'utf8') }));

/** The titles in a file, also those that come after the rows of a `test.each`. */
function titlesIn(text: string): string[] {
  return [...text.matchAll(/(?:^test|\))\(\s*(['"`])(.+?)\1,/gm)].map(([, , title = '']) => title);
}

const titled = new Set(files.flatMap(({ text }) => titlesIn(text)).map((title) => title.split(':')[0]));

function namesOf(...kinds: OtpCase[1][]): string[] {
  return otpCases.filter(([, kind]) => kinds.includes(kind)).map(([name]) => name);
}

test('the list is that of OTP 25.2.3: 88 cases, of which 60 hold as they are and 12 with a change', () => {
  expect(new Set(namesOf('P', 'A', 'N')).size).toBe(88);
  expect([namesOf('P').length, namesOf('A').length, namesOf('N').length]).toEqual([60, 12, 16]);
});

test.each(namesOf('P', 'A'))('%s has a test', (name) => {
  expect(titled).toContain(name);
});

test.each(files)('$name: every test is of a case and runs', ({ text }) => {
  const titles = titlesIn(text);
  expect(titles).toHaveLength(text.match(/^test\b/gm)?.length ?? 0);
  for (const title of titles) expect(namesOf('P', 'A')).toContain(title.split(': ')[0]);
  expect(text).not.toMatch(/\b(?:test|describe)\.(?:skip|only|todo|fails)|skipIf|runIf/);
});
