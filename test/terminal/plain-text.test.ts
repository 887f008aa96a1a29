/** Text that is safe for a terminal: whatever it was, nothing in it acts on the terminal or on the direction of writing. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { markedLines, plainText } from '../../src/terminal/plain-text.ts';

const acting = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u;

test('no text keeps a control, direction or line character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(plainText(text)).not.toMatch(acting);
    }),
    { numRuns: 1_000 },
  );
});

test('each of them alone goes', () => {
  for (let code = 0; code < 0x3000; code += 1) {
    const character = String.fromCodePoint(code);
    if (acting.test(character)) expect(['', ' '], `U+${code.toString(16)}`).toContain(plainText(character));
  }
});

test('all else stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      fc.pre(!acting.test(text));
      expect(plainText(text)).toBe(text);
    }),
  );
});

describe('examples', () => {
  test.each([
    ['line\r\nbreak\n\n\tand tab', 'line break and tab'],
    ['\u001b[31mred\u001b[0m', '[31mred[0m'],
    ['\u001b]0;title\u0007', ']0;title'],
    ['\u009b2J', '2J'],
    ['safe\u202egnp.exe', 'safegnp.exe'],
    ['a\u061cb\u2066c\u2069', 'abc'],
    ['a\u2028b', 'a b'],
    ['カエデ 🎹 👩‍💻', 'カエデ 🎹 👩‍💻'],
  ])('%j becomes %j', (text, plain) => {
    expect(plainText(text)).toBe(plain);
  });
});

test('where a line ended stays to be seen', () => {
  expect(markedLines('fatal: no remote\n\n  Please look.\n')).toBe('fatal: no remote | Please look.');
  expect(markedLines('one line')).toBe('one line');
});
