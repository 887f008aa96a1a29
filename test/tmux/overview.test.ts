import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { drawOverview } from '../../src/tmux/overview.ts';
import { renderFrame } from '../../src/tmux/overview-frame.ts';
import type { Tmux } from '../../src/tmux/tmux.ts';
import { openServer, startRun } from './open-server.ts';
import { until } from './until.ts';

/** A person's terminal, played by a pane of another server in which the attach command runs. */
async function attach(tmux: Tmux) {
  const person = await openServer();
  const { pane } = await startRun(person.tmux, tmux.attachCommand(), { TERM: 'xterm-256color' });
  await until(async () => (await tmux.clientsAttached()) === 1);
  return { detach: () => person.tmux.killPane(pane), screen: () => person.tmux.capture(pane) };
}

test('a person who attaches sees all panes side by side, Japanese too', async () => {
  const { tmux } = await openServer();
  const kaede = await startRun(tmux, [
    'sh',
    '-c',
    'printf "古い行\\n課題を読んでいます\\n"; exec sleep 1000',
  ]);
  const sakura = await startRun(tmux, ['sh', '-c', 'printf "reviewing\\n"; exec sleep 1000']);
  const cells = [
    { title: 'カエデ codegen 🎹 #12', pane: kaede.pane },
    { title: 'sakura\x1b[2J', pane: sakura.pane },
  ];
  await until(async () => (await tmux.capture(kaede.pane)).join('').includes('課題'));
  await until(async () => (await tmux.capture(sakura.pane)).join('').includes('reviewing'));
  expect(await drawOverview(tmux, cells)).toBe(false);

  const person = await attach(tmux);
  expect(await drawOverview(tmux, cells)).toBe(true);
  const screen = await until(async () => {
    const lines = await person.screen();
    // tmux draws row by row: this is the last one.
    return (
      lines.some((line) => line.includes('課題を読んで')) && lines.join('').includes('reviewing') && lines
    );
  });
  expect(screen[0]).toMatch(/^ カエデ codegen 🎹 #12 +│ sakura \[2J/);
  expect(screen[1]).toMatch(/^古い行 +│reviewing/);
  expect(screen[2]).toMatch(/^課題を読んでいます +│/);

  await person.detach();
  await until(async () => (await tmux.clientsAttached()) === 0);
});

test('the status line shows windows’ names and obeys no style in them', async () => {
  const { tmux } = await openServer();
  const pane = await tmux.createWindow({ name: '', options: {} });
  await tmux.rename(pane, 'カエデ #12 #[bg=red]x#{pid}');
  const person = await attach(tmux);
  const last = await until(async () => (await person.screen()).find((line) => /カエデ.*pid\}/.test(line)));
  expect(last).toContain('カエデ #12 ＃[bg=red]x＃{pid}');
});

test('an overview that a person has closed is there again', async () => {
  const { tmux } = await openServer();
  const other = await startRun(tmux, ['sleep', '1000']);
  await attach(tmux);
  const overview = await tmux.findPane('@orchestra_overview', 'yes');
  await tmux.killPane(overview ?? '%999');
  const cells = [
    { title: 'x', pane: other.pane },
    { title: 'gone', pane: '%998' as const },
  ];
  expect(await drawOverview(tmux, cells)).toBe(true);
  expect((await tmux.listPanes())[0]?.windowName).toBe('overview');
});

test('the overview takes no notice of keys', async () => {
  const { tmux } = await openServer();
  const overview = (await tmux.findPane('@orchestra_overview', 'yes')) ?? '%999';
  await until(
    async () =>
      (await tmux.command('display-message', '-p', '-t', overview, '#{pane_current_command}'))[0] === 'cat',
  );
  await tmux.sendKeys(overview, ['C-c', 'C-d', 'Enter']);
  await tmux.command('send-keys', '-t', overview, 'typed');
  expect((await tmux.capture(overview)).join('')).toBe('');
  expect((await tmux.listPanes()).find(({ pane }) => pane === overview)?.dead).toBe(false);
});

test('a frame fills the screen exactly, whatever is in the cells', () => {
  const long = '長い行'.repeat(40);
  const cells = Array.from({ length: 5 }, (_, index) => ({
    title: `${index} ${long}`,
    lines: [long, 'a\tb', '👩‍👩‍👧'],
  }));
  for (const [columns, rows] of [
    [80, 24],
    [81, 25],
    [7, 3],
    [200, 50],
  ] as const) {
    const frame = renderFrame(cells, { columns, rows });
    let covered = 0;
    let column = 0;
    for (const piece of frame.split('\x1b[')) {
      // ROW;COLUMN H places the text that follows, 7m and 0m dress it, what ends in l is about the cursor.
      const [, row, start, text = ''] = /^(?:(\d+);(\d+)H|[07]m|\?\d+l)(.*)$/s.exec(piece) ?? [];
      if (row !== undefined) expect(Number(row)).toBeLessThanOrEqual(rows);
      if (start !== undefined) column = Number(start) - 1;
      column += stringWidth(text);
      covered += stringWidth(text);
      expect(column).toBeLessThanOrEqual(columns);
    }
    expect(covered).toBe(columns * rows);
  }
});
