/** Wrapped texts: nothing is lost, words stay whole, and lines fit where their words do. */
import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { hangingIndent } from '../../src/terminal/hanging-indent.ts';

test('goes on under its beginning', () => {
  expect(hangingIndent('✔ node  ', 'one two three four five', 24)).toBe(
    '✔ node  one two three\n        four five',
  );
});

test('one line where nobody says how wide, or where it is too narrow to wrap', () => {
  expect(hangingIndent('a ', 'one two', undefined)).toBe('a one two');
  expect(hangingIndent('a ', 'one two three four', 10)).toBe('a one two three four');
});

test('words stay whole, and lines are no wider than asked unless one word is', () => {
  const words = fc.array(fc.stringMatching(/^[a-z日本]{1,30}$/u), { minLength: 1 });
  fc.assert(
    fc.property(words, fc.integer({ min: 20, max: 60 }), (said, columns) => {
      const lines = hangingIndent('ab  ', said.join(' '), columns).split('\n');
      expect(lines.map((line) => line.slice(4)).join(' ')).toBe(said.join(' '));
      for (const line of lines)
        expect(stringWidth(line) <= columns || !line.slice(4).includes(' ')).toBe(true);
    }),
  );
});
