/** JSON for a terminal: still the same JSON, and nothing in it acts. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeControls, safeJson } from '../../src/terminal/safe-json.ts';

const acting = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u;

test('whatever the value, it reads back the same and holds nothing that acts', () => {
  fc.assert(
    fc.property(fc.object({ key: fc.string({ unit: 'binary' }), withNullPrototype: false }), (value) => {
      const text = safeJson(value);
      expect(text).not.toMatch(acting);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('each such character alone, with and without indentation, and in a line of somebody else', () => {
  for (let code = 0; code < 0x3000; code += 1) {
    const character = String.fromCodePoint(code);
    if (!acting.test(character)) continue;
    for (const text of [safeJson([character]), escapeControls(JSON.stringify([character]))]) {
      expect(text).not.toMatch(acting);
      expect(JSON.parse(text)).toEqual([character]);
    }
    expect(safeJson([character], 2).split('\n')).toHaveLength(3);
  }
});

test('a line that is no JSON loses its force as well', () => {
  expect(escapeControls('\u001b[31m\u009b2J\u202e')).toBe('\\u001b[31m\\u009b2J\\u202e');
});
