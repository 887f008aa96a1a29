/** The live picture: it fits its screen, whatever the orchestra, and what matters most is on it. */
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import type { AgentView, OrchestraView } from '../../src/events/commands.ts';
import { drawLiveView } from '../../src/terminal/live-view.ts';

const agentView = (name: string, change: Partial<AgentView> = {}): AgentView => ({
  name,
  title: 'カエデ',
  symbol: '🎹',
  roles: ['codegen'],
  availability: 'idle',
  since: '2025-06-01T12:00:00Z',
  ...change,
});

const orchestraView = (agents: AgentView[]): OrchestraView => ({
  name: 'miyabi',
  node: 'local',
  pid: 1,
  version: '0.1.0',
  startedAt: '2025-06-01T12:00:00Z',
  natsUrl: 'nats://127.0.0.1:4333',
  attach: ['tmux', 'attach'],
  tasks: { total: 10, waiting: 3, working: 4, done: 1, failed: 1, blocked: 1, closed: 0 },
  idle: false,
  outbox: { waiting: 0, givenUp: 0 },
  diskIsLow: false,
  keepsPanes: false,
  agents,
});

const four = ['kaede', 'sakura', 'tsubaki', 'botan'].map((name) =>
  agentView(name, {
    availability: 'working',
    task: '7',
    taskTitle: '日本語で挨拶する機能を追加してください',
    doing: 'テストを書いています',
  }),
);
const factLines = Array.from(
  { length: 100 },
  (_, index) => `12:00:00 task ${index}   codegen → kaede とても長い日本語の行です`,
);
const plain = (lines: readonly string[]) => lines.map(stripVTControlCharacters);

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 40, rows: 10 },
  { columns: 200, rows: 50 },
  { columns: 10, rows: 3 },
  { columns: 1, rows: 1 },
];
const casts = {
  none: [],
  four,
  forty: Array.from({ length: 40 }, (_, index) => agentView(`agent-${index}`)),
};

describe.each(sizes)('at $columns x $rows', (size) => {
  test.each(Object.entries(casts))('with %s of the agents it fits', (_name, agents) => {
    for (const facts of [[], factLines]) {
      const lines = drawLiveView(orchestraView(agents), facts, size);
      expect(lines.length).toBeLessThanOrEqual(size.rows);
      for (const line of plain(lines)) expect(stringWidth(line), line).toBeLessThanOrEqual(size.columns);
    }
  });
});

test('whatever the titles, words and size, it fits and no text acts on the terminal', () => {
  const text = fc.string({ unit: 'binary', maxLength: 60 });
  const agents = fc.array(
    fc.record({
      name: fc.stringMatching(/^[a-z0-9-]{1,32}$/),
      title: text,
      symbol: fc.constantFrom('🎹', 'x', '👩‍💻'),
      taskTitle: text,
      doing: text,
      task: fc.constant('7'),
    }),
    { maxLength: 30 },
  );
  const size = fc.record({
    columns: fc.integer({ min: 1, max: 120 }),
    rows: fc.integer({ min: 1, max: 60 }),
  });
  fc.assert(
    fc.property(agents, size, fc.nat({ max: 40 }), (cast, screen, count) => {
      const view = orchestraView(cast.map(({ name, ...change }) => agentView(name, change)));
      const lines = drawLiveView(view, factLines.slice(0, count), screen);
      expect(lines.length).toBeLessThanOrEqual(screen.rows);
      for (const line of plain(lines)) {
        expect(stringWidth(line)).toBeLessThanOrEqual(screen.columns);
        expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      }
    }),
    { numRuns: 200 },
  );
});

test('on a usual screen there is everything: title, progress, agents with their tasks, the latest facts, hints', () => {
  const text = plain(drawLiveView(orchestraView(four), factLines, { columns: 120, rows: 24 })).join('\n');
  for (const part of [
    'miyabi',
    '1/10 done',
    '4 under way',
    '1 failed',
    '1 blocked',
    'kaede',
    '#7 日本語',
    'task 99',
    'orchestra attach',
    'Ctrl-C',
  ]) {
    expect(text).toContain(part);
  }
});

test('on a small screen the agents and a fact go before the hints', () => {
  const text = plain(drawLiveView(orchestraView(four), factLines, { columns: 40, rows: 10 })).join('\n');
  for (const part of ['miyabi', 'kaede', 'botan', 'task 99']) expect(text).toContain(part);
  expect(text).not.toContain('Ctrl-C');
});

test('before there is a task or an agent it can be drawn as well', () => {
  const view = orchestraView([]);
  const empty = {
    ...view,
    attach: [],
    tasks: { total: 0, waiting: 0, working: 0, done: 0, failed: 0, blocked: 0, closed: 0 },
  };
  const text = plain(drawLiveView(empty, [], { columns: 80, rows: 24 })).join('\n');
  expect(text).toContain('0/0 done');
  expect(text).toContain('orchestra send NAME');
});

test('the bar is as full as the work is done', () => {
  const bar = (done: number) => {
    const view = orchestraView([]);
    const [, progress = ''] = plain(
      drawLiveView({ ...view, tasks: { ...view.tasks, total: 10, done } }, [], { columns: 80, rows: 24 }),
    );
    return [progress.split('█').length - 1, progress.split('░').length - 1];
  };
  expect([bar(0), bar(5), bar(10)]).toEqual([
    [0, 30],
    [15, 15],
    [30, 0],
  ]);
});
