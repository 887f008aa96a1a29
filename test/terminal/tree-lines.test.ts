/** The tree as people read it: lines that fit, whatever is in the names, and everything a person has to know. */
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { stateText } from '../../src/inspection/state-value.ts';
import type { ChildDescription, SupervisorDescription } from '../../src/supervision/tree-description.ts';
import { type TreeLinesOptions, treeLines } from '../../src/terminal/tree-lines.ts';

const now = Date.parse('2026-01-01T00:00:00Z');

const child = (id: string, more: Partial<ChildDescription> = {}): ChildDescription => ({
  ...{ id, path: id, pid: `${id}#1`, state: 'running', type: 'worker', restart: 'permanent', shutdown: 5000 },
  ...{ failures: 0, restarts: 0, uptime: 200_000, retryIn: null, lastExit: null, killFailed: null },
  ...{ quarantine: null, value: 'open', supervisor: null },
  ...more,
});

const supervisor = (children: ChildDescription[], more: object = {}): SupervisorDescription => ({
  ...{ path: '', phase: 'running', strategy: 'rest_for_one', restarts: 0, intensity: 5, period: 60 },
  ...{ maxChildren: null, children },
  ...more,
});

const shown = (tree: SupervisorDescription, options: TreeLinesOptions = {}) =>
  treeLines({ label: 'orchestra', supervisor: tree }, { now, ...options });

const stateOf = (more: Partial<ChildDescription>) =>
  shown(supervisor([child('x', more)]))
    .at(-1)
    ?.replace(/^└─ x +permanent (?:\S+ \S+|) +/u, '');

test('a line a child, joined by lines, columns under their headings', () => {
  const agents = supervisor([child('pane'), child('work', { value: { working: 'performing' } })], {
    strategy: 'one_for_one',
    restarts: 1,
  });
  const tree = supervisor([
    child('bus', { uptime: 900 }),
    child('agent:kaede', { type: 'supervisor', restart: 'transient', supervisor: agents }),
    child('http'),
  ]);
  expect(shown(tree, { symbols: new Map([['agent:kaede', '🎹']]) })).toEqual([
    'CHILD             RESTART   UP     STATE',
    'orchestra                          running rest_for_one 0/5 in 60 s',
    '├─ bus            permanent 900 ms running open',
    '├─ agent:kaede 🎹 transient 3 min  running one_for_one 1/5 in 60 s',
    '│  ├─ pane        permanent 3 min  running open',
    '│  └─ work        permanent 3 min  running working.performing',
    '└─ http           permanent 3 min  running open',
  ]);
});

test.each<[string, Partial<ChildDescription>]>([
  ['restarting, next try in 1 s', { state: 'restarting', retryIn: 1_200, value: null, uptime: null }],
  ['restarting', { state: 'restarting', value: null, uptime: null }],
  ['starting opening', { state: 'starting', value: 'opening', uptime: null }],
  ['stopping closing', { state: 'stopping', value: 'closing' }],
  ['undefined', { state: 'undefined', value: null, uptime: null }],
  ['running open (restarted once)', { restarts: 1 }],
  [
    'running open (restarted once, 5 s ago: killed)',
    { restarts: 1, lastExit: { at: now - 5_000, reason: 'killed' } },
  ],
  [
    'running open (failed 5 s ago: did not start: no port)',
    { lastExit: { at: now - 5_000, reason: 'did not start: no port' } },
  ],
  [
    'running open (restarted 3 times, last 5 s ago: killed)',
    { restarts: 3, lastExit: { at: now - 5_000, reason: 'killed' } },
  ],
  ['running open kill failed: timeout', { killFailed: { at: now, reason: 'timeout' } }],
  [
    'quarantined for 2 min: too often',
    {
      state: 'quarantined',
      quarantine: { at: now - 120_000, reason: 'too often' },
      value: null,
      uptime: null,
    },
  ],
  ['terminating rest_for_one 0/5 in 60 s', { supervisor: supervisor([], { phase: 'terminating' }) }],
  ['running rest_for_one 0/5 in 60 s, 0/8 children', { supervisor: supervisor([], { maxChildren: 8 }) }],
])('%s', (text, more) => {
  expect(stateOf(more)).toBe(text);
});

test.each([20, 40, 79, 80, 200])('no line is wider than %i columns, whatever stands in it', (columns) => {
  const long = child('agent:とても長い名前のエージェントです', {
    value: { working: 'performing' },
    restarts: 12,
    lastExit: { at: now, reason: 'エラー '.repeat(30) },
    supervisor: supervisor([child('x'.repeat(90))]),
  });
  const lines = shown(supervisor([long]), { columns, symbols: new Map([[long.id, '🎹']]) });
  expect(lines.map((line) => stringWidth(line)).filter((width) => width > columns)).toEqual([]);
  if (columns >= 79) for (const line of lines.slice(1)) expect(line).toContain('running');
});

test('what is least worth goes first where there is little room: RESTART, then UP, then the ends of names', () => {
  const tree = supervisor([child('tmuxServer'), child('agent:kaede', { value: { working: 'performing' } })]);
  const headings = [80, 40, 34, 30].map((columns) => shown(tree, { columns })[0]?.split(/ +/u).join(' '));
  expect(headings).toEqual(['CHILD RESTART UP STATE', 'CHILD STATE', 'CHILD STATE', 'CHILD STATE']);
  const small = supervisor([child('bus')]);
  const rows = (columns: number) => shown(small, { columns })[0]?.trim().split(/ +/u);
  expect(rows(9 + 10 + 7 + 1 + 32)).toEqual(['CHILD', 'RESTART', 'UP', 'STATE']);
  expect(rows(9 + 7 + 1 + 32)).toEqual(['CHILD', 'UP', 'STATE']);
  expect(rows(9 + 1 + 32)).toEqual(['CHILD', 'STATE']);
  expect(shown(tree, { columns: 40 }).at(-1)).toBe('└─ agent:kaede running working.performi…');
});

test('a child in quarantine is shown with the way out of it', () => {
  const quarantine = { at: now - 120_000, reason: 'too often' };
  const tree = supervisor([child('x', { state: 'quarantined', quarantine, value: null, uptime: null })]);
  expect(shown(tree, { wayOut: ({ id }) => `orchestra agents revive ${id}` }).at(-1)).toContain(
    'quarantined for 2 min (`orchestra agents revive x`): too often',
  );
});

test('the top has an uptime too', () => {
  expect(treeLines({ label: 'orchestra', supervisor: supervisor([]), uptime: 12_000 })[1]).toMatch(
    /^orchestra +12 s +running/u,
  );
});

test('without a width nothing is cut', () => {
  const reason = 'x'.repeat(300);
  expect(shown(supervisor([child('a', { lastExit: { at: now, reason } })])).at(-1)).toContain(reason);
});

test('a child alone takes one line', () => {
  expect(treeLines({ label: 'a/b', child: child('b'), supervisor: null })).toHaveLength(2);
});

test('names and reasons cannot act on a terminal', () => {
  const evil = '\u001b[31m\u202e\r\n';
  const lines = shown(supervisor([child(`a${evil}`, { killFailed: { at: now, reason: evil } })]), {
    symbols: new Map([[`a${evil}`, evil]]),
  });
  for (const line of lines) expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
});

test.each([
  ['open', 'open'],
  [{ working: { recording: 'going' } }, 'working.recording.going'],
  [{ a: 'b', c: {} }, '(a.b, c)'],
])('the state %j is %s', (value, text) => {
  expect(stateText(value)).toBe(text);
});
