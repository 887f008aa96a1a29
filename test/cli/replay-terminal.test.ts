/** `orchestra replay` as a person steps through it: in a terminal, which here is a pane of a tmux server of its own. */
import { execa } from 'execa';
import stringWidth from 'string-width';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { transitionSubject } from '../../src/bus/stream-definitions.ts';
import { orchestraCommand } from '../daemon/daemon-process.ts';
import { OrchestraProject } from '../daemon/orchestra-project.ts';
import { waitUntil } from '../daemon/wait-until.ts';
import { transition } from '../journal/transitions.ts';

let project: OrchestraProject;
/** Every test has a server of its own: one that is told to end may still answer the next client, and then take it along. */
let screens = 0;
const tmux = async (...args: string[]) =>
  (await execa('tmux', ['-S', project.path(`screen${screens}`), '-f', '/dev/null', ...args])).stdout;
let latest = '';
const screen = async () => {
  latest = await tmux('capture-pane', '-p');
  return latest;
};
const shown = () => latest;
const press = (...keys: string[]) => tmux('send-keys', ...keys);

/** `3/88`: at which of how many. */
const position = async (): Promise<{ at: number; of: number }> => {
  const [, at, of] = /^[⏸▶] (\d+)\/(\d+)/mu.exec(await screen()) ?? [];
  return { at: Number(at), of: Number(of) };
};
const untilAt = (wanted: number) =>
  waitUntil(`transition ${wanted}`, async () => (await position()).at === wanted, shown);

beforeAll(async () => {
  project = await OrchestraProject.create({
    agents: { kaede: { roles: ['codegen'], adapter: 'command', mode: 'task', command: ['true'] } },
  });
  await project.up();
  await waitUntil('the start to be recorded', async () =>
    (await project.cli(['replay', '--from', '1h'])).stdout.includes('orchestra  initializing → running'),
  );
});
afterAll(() => project.remove());

async function begin(...span: string[]): Promise<void> {
  await press(`"$node" "$orchestra" replay ${span.join(' ')}; echo "ended with $?"`, 'Enter');
  await untilAt(1);
}

beforeEach(async () => {
  screens += 1;
  // Spelled out, what is typed would not fit a line wherever this repository lies.
  const environment = ['-e', `node=${process.execPath}`, '-e', `orchestra=${orchestraCommand}`];
  await tmux('-u', 'new-session', '-d', ...environment, '-x', '80', '-y', '24', '-c', project.folder, 'sh');
});
afterEach(async () => {
  await tmux('kill-server').catch(() => '');
});

test('steps, pages, and the ends; q leaves the terminal as it was', async () => {
  await begin('--from', '1h');
  const { of } = await position();
  await press('Right', 'j', 'Down');
  await untilAt(4);
  await press('Left', 'k');
  await untilAt(2);
  await press('Left', 'Left', 'Left');
  await untilAt(1);
  await press('Space');
  await untilAt(13);
  await press('PgDn');
  await untilAt(25);
  await press('PgUp');
  await untilAt(13);
  await press('End');
  await untilAt(of);
  await waitUntil('the tree', async () => /services +running\.idle/u.test(await screen()), shown);
  await press('Right');
  await press('Home');
  await untilAt(1);
  await press('q');
  await waitUntil('the end', async () => (await screen()).includes('ended with 0'), shown);
  expect(await screen()).not.toContain('q quit');
  expect(await screen()).toContain('replay --from 1h');
});

test('it plays, and stops where it ends or a key is pressed', async () => {
  // Long enough to be seen at work, however seldom somebody looks.
  const transitions = Array.from({ length: 200 }, (_, n) =>
    transition({ at: new Date(2001, 0, 1).getTime() + n * 500, to: `n${n}` }),
  );
  const page = { boot: 'slow', node: 'slow', sequence: 1, transitions };
  await project.bus.publish(transitionSubject('slow'), page);
  await begin('--from', '2001-01-01', '--to', '2001-01-02');
  const { of } = await position();
  await press('p');
  await waitUntil('it to play', async () => /^▶ (?:[4-9]|\d{2,})\//u.test(await screen()), shown);
  await press('p');
  await waitUntil('the pause', async () => (await screen()).startsWith('⏸'), shown);
  await press('End');
  await untilAt(of);
  await press('Left');
  await untilAt(of - 1);
  await press('p');
  await untilAt(of);
  await waitUntil('the stop at the end', async () => (await screen()).startsWith('⏸'), shown);
  await press('C-c');
  await waitUntil('the end', async () => (await screen()).includes('ended with 0'), shown);
});

test('it fits 80 columns, and a smaller terminal from one moment to the next', async () => {
  await begin('--from', '1h');
  await press('End');
  await untilAt((await position()).of);
  for (const [columns, rows] of [
    [80, 24],
    [40, 10],
    [20, 5],
    [100, 30],
  ] as const) {
    await tmux('resize-window', '-x', String(columns), '-y', String(rows));
    const picture = await waitUntil(
      `${columns} × ${rows}`,
      async () => {
        const now = (await screen()).split('\n');
        return now.some((line) => line.startsWith('⏸')) && now.length <= rows && now;
      },
      shown,
    );
    for (const line of picture) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
  }
  await waitUntil('the hints to be back', async () => (await screen()).includes('q quit'), shown);
});

test('a signal ends it and leaves the terminal as it was', async () => {
  await begin('--from', '1h');
  const pid = await tmux('display-message', '-p', '#{pane_pid}');
  const { stdout } = await execa('pgrep', ['-P', pid]);
  process.kill(Number(stdout), 'SIGTERM');
  await waitUntil('the end', async () => (await screen()).includes('ended with 143'), shown);
  await press('echo typed', 'Enter');
  await waitUntil('the shell', async () => /^typed$/mu.test(await screen()), shown);
});

test('of a huge span it shows the beginning, and says from when to go on', async () => {
  const from = new Date();
  for (let sequence = 1; sequence <= 51; sequence += 1) {
    const at = from.getTime() + sequence;
    const transitions = Array.from({ length: 1_000 }, (_, n) => transition({ at, to: `n${n}` }));
    await project.bus.publish(transitionSubject('other'), {
      boot: 'other',
      node: 'other',
      sequence,
      transitions,
    });
  }
  await begin('--from', from.toISOString());
  expect((await position()).of).toBe(50_000);
  const words = /^The first 50000 only; --from "\d{4}-\d\d-\d\d \S+" goes on where they end\.$/mu;
  await waitUntil('the words on the rest', async () => words.test(await screen()), shown);
  await press('End');
  await untilAt(50_000);
}, 180_000);
