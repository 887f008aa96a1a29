import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TerminalText, terminalLines } from '../../src/output/terminal-text.ts';

describe('what a program printed, as lines', () => {
  test.each([
    ['lines', 'one\r\ntwo\nthree', ['one', 'two', 'three']],
    ['colours', '\u001B[1;31mred\u001B[0m and \u001B[38;5;12mblue\u001B[m', ['red and blue']],
    ['a line written over', 'ten %\rfifty %\rdone\r\n', ['done']],
    ['a spinner', '⠋ work\r⠙ work\r⠹ work\r\n', ['⠹ work']],
    [
      'a screen drawn with cursor moves',
      '\u001B[2J\u001B[1;1Htop\u001B[10;5Hmiddle\u001B[K',
      ['top', 'middle'],
    ],
    ['gaps', 'left\u001B[20Cright', ['left right']],
    ['titles and other strings', '\u001B]0;the title\u0007text\u001BPsixel\u001B\\ more', ['text more']],
    ['repeated and empty lines', 'a\na\n\n\na\nb\n', ['a', 'b']],
    ['control and direction characters', 'a\u0007\u0008b\u202Ec\u0000', ['abc']],
    ['wide text', 'カエデ 🎹\n', ['カエデ 🎹']],
  ])('%s', (_name, printed, lines) => {
    expect(terminalLines(printed)).toEqual(lines);
  });

  test('nothing in it can act on a terminal, whatever was printed', () => {
    const piece = fc.constantFrom(
      '\u001B',
      '[',
      ']',
      '0;1H',
      'x',
      '\u0007',
      '\r',
      '\n',
      '\u009B',
      '\u202E',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        for (const line of terminalLines(pieces.join('')))
          expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      }),
    );
  });

  test('it does not matter where the pieces begin and end', () => {
    const whole = 'one\r\n\u001B[31mtwo\u001B[0m\u001B]0;title\u0007\u001B[3;4Hthree\rfour\r\nfive';
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: whole.length }), { maxLength: 6 }), (cuts) => {
        const reading = new TerminalText();
        const edges = [0, ...cuts.sort((a, b) => a - b), whole.length];
        const pieces = edges.slice(1).map((edge, index) => whole.slice(edges[index], edge));
        const lines = [...pieces.flatMap((text) => reading.feed(text)), ...reading.end()];
        expect(lines).toEqual(terminalLines(whole));
      }),
    );
  });

  test('a line that never ends is given out in parts', () => {
    const reading = new TerminalText();
    expect(reading.feed('x'.repeat(5_000)).join('')).toBe('x'.repeat(5_000));
    expect(reading.feed('\u001B]0;'.repeat(3_000)).join('').length).toBeLessThan(20_000);
  });
});
