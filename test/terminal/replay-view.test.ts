import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { TransitionHistory } from '../../src/journal/transition-history.ts';
import { drawReplay, type ReplayMoment } from '../../src/terminal/replay-view.ts';
import { transition } from '../journal/transitions.ts';

const recorded = (given: Parameters<typeof transition>[0] = {}) => ({
  ...transition(given),
  boot: 'one',
  node: 'local',
});

const tree = [
  recorded({ path: '', machine: 'supervisor', life: 'x:0', from: null, to: { running: 'idle' } }),
  recorded({ path: 'ensemble/agents', machine: 'supervisor', life: 'x:1', from: null, to: 'running' }),
  recorded({ path: 'ensemble/agents/agent:kaede/pane', life: 'x:2', from: null, to: 'opening' }),
  recorded({ path: 'broker', machine: 'supervisor', life: 'x:3', from: null, to: 'running' }),
  recorded({ path: 'ensemble/agents/agent:kaede/pane', life: 'x:2', event: 'xstate.done.actor.openPane' }),
];

function momentOf(transitions: readonly ReturnType<typeof recorded>[], index: number): ReplayMoment {
  const standing = new TransitionHistory(transitions).standingAt(index);
  const present = transitions[index] ?? recorded();
  return { transition: present, index, length: transitions.length, standing, playing: false, notes: [] };
}

const drawn = (moment: ReplayMoment, columns = 80, rows = 24) =>
  drawReplay(moment, { columns, rows }).map((line) => stripVTControlCharacters(line));

test('the transition, and the tree as it stood, with the one that changed marked', () => {
  const lines = drawn(momentOf(tree, 4));
  expect(lines[0]).toMatch(/^⏸ 5\/5 +█+ +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/u);
  expect(lines[2]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} {2}ensemble\/agents\/agent:kaede\/pane$/u);
  expect(lines[3]).toBe('pane  opening → open');
  expect(lines[4]).toBe('by openPane done');
  expect(lines.slice(6, 10)).toEqual([
    '  orchestra             running.idle',
    '    broker              running',
    '    ensemble/agents     running',
    '▸     agent:kaede/pane  open',
  ]);
  expect(lines).toHaveLength(24);
  expect(lines.at(-1)).toContain('q quit');
});

test.each([
  [80, '← → step   PgUp PgDn page   Home End   p play   q quit'],
  [40, '← → step   p play   q quit'],
  [20, 'q quit'],
])('on %s columns the keys fit, and the way out is among them', (columns, keys) => {
  expect(drawn(momentOf(tree, 4), columns).at(-1)).toBe(keys);
});

test('what has ended says how, and a gap before it is told', () => {
  const last = { ...recorded({ path: 'broker', life: 'x:3', status: 'error' as const }), missing: 12 };
  const lines = drawn(momentOf([...tree, last], 5));
  expect(lines).toContain('▸   broker              open (error)');
  expect(lines[2]).toBe('12 transitions are missing here');
});

test('the one that changed is in sight wherever it is in a long tree', () => {
  const many = Array.from({ length: 200 }, (_, n) =>
    recorded({ path: `agent:${String(n).padStart(3, '0')}`, life: `x:${n}`, from: null, to: 'idle' }),
  );
  for (const index of [0, 100, 199]) {
    const shown = drawn(momentOf([...many, recorded({ ...many[index], from: 'idle' })], 200));
    expect(shown.filter((line) => line.startsWith('▸'))).toHaveLength(1);
    expect(shown).toHaveLength(24);
  }
});

const hostile = fc.string({
  unit: fc.constantFrom('a', '/', '\u001b[31m', '\u009b', '\n', '\u202e', '長', '🎹', 'é', '%'),
  maxLength: 40,
});

test('never larger than the terminal, never a control character of what was recorded', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ path: hostile, machine: hostile, event: hostile, to: hostile }), { minLength: 1 }),
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 30 }),
      (given, columns, rows) => {
        const transitions = given.map((one, index) => recorded({ ...one, life: `x:${index}` }));
        const lines = drawReplay(momentOf(transitions, transitions.length - 1), { columns, rows });
        expect(lines.length).toBeLessThanOrEqual(rows);
        for (const line of lines) {
          expect(stringWidth(line)).toBeLessThanOrEqual(columns);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours are taken out
          expect(line.replace(/\u001B\[\d+m/gu, '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
        }
      },
    ),
  );
});
