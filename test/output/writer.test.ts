/** What panes print is taken down by a program that lives as long as the pane, daemon or not. */
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { untilClosed } from '../../src/output/last-words.ts';
import { isClosed, tailOutput } from '../../src/output/output-log.ts';
import { findDescendants } from '../../src/processes/descendants.ts';
import { openTmux } from '../../src/tmux/open-tmux.ts';
import { outputCommand } from '../../src/tmux/output-script.ts';
import type { Tmux } from '../../src/tmux/tmux.ts';
import { noSmallDisk, smallDisk } from '../limits/small-disk.ts';
import { exitOf, newRunId, openServer } from '../tmux/open-server.ts';
import { until } from '../tmux/until.ts';

/** A name that a shell, a tmux format and strftime would each make something else of. */
const awkward = "it's #{pane_id} %Y $HOME `id` カエデ.log";

async function openPane() {
  const server = await openServer();
  const output = { file: join(server.folder, awkward), bytes: 1_000_000 };
  const pane = await server.tmux.createWindow({ name: 'test', options: {} });
  const run = async (tmux: Tmux, script: string) => {
    const runId = newRunId();
    await tmux.run(pane, { runId, argv: ['sh', '-c', script], cwd: '/', environment: {}, output });
    return runId;
  };
  const printed = (line: string) =>
    until(async () => (await tailOutput(output.file, 100).catch((): string[] => [])).includes(line));
  return { ...server, pane, output, run, printed };
}

/** The processes that take output down. */
async function writersOf({ serverPid }: Tmux): Promise<number[]> {
  const found: number[] = [];
  for (const { pid } of await findDescendants([serverPid])) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes('/output.sh')) found.push(pid);
  }
  return found;
}

test('from the first word to the last, through deaths and new programs, by one writer', async () => {
  const { tmux, run, output, printed } = await openPane();
  const first = await run(tmux, 'echo first word; echo last word; kill -9 $$');
  await exitOf(tmux, first);
  await printed('last word');
  // On a line of its own: the end of the one before may be lost with the old program's terminal.
  await run(tmux, 'echo; echo another program; exec sleep 1000');
  await printed('another program');
  const lines = await tailOutput(output.file, 100);
  expect(lines.filter((line) => line !== 'Killed')).toEqual(['first word', 'last word', 'another program']);
  expect(await writersOf(tmux)).toHaveLength(1);
});

test('behind the last word stands a mark, for which the next program can wait', async () => {
  const { tmux, run, output } = await openPane();
  const words = Array.from({ length: 15 }, (_, index) => `last word ${index}`);
  for (const word of words) {
    const runId = await run(tmux, `echo ${word}; kill -9 $$`);
    expect(await exitOf(tmux, runId)).toMatchObject({ signal: 'SIGKILL', noticedBy: 'host' });
    await untilClosed(output.file, runId);
    expect(await isClosed(output.file, runId)).toBe(true);
  }
  expect((await tailOutput(output.file, 100)).filter((line) => line !== 'Killed')).toEqual(words);
});

test('while no daemon lives, too: the next one finds all of it and no gap', async () => {
  const { tmux, options, run, pane, output, printed } = await openPane();
  await run(
    tmux,
    `until [ -e '${options.runDirectory}/go' ]; do sleep 0.02; done; echo alone; exec sleep 1000`,
  );
  await tmux.disconnect();
  await writeFile(`${options.runDirectory}/go`, '');
  await printed('alone');
  const next = await openTmux(options);
  expect(await next.keepOutput(pane, output)).toBe(false);
  await next.disconnect();
});

test('whatever is printed, two files of a bounded size hold the end of it', async () => {
  const { tmux, run, folder, output, printed } = await openPane();
  await run(tmux, 'seq -f "line %07.0f" 1 400000; echo "the end"; exec sleep 1000');
  await printed('the end');
  const files = (await readdir(folder)).filter((name) => name.startsWith("it's"));
  expect(files.sort()).toEqual([awkward, `${awkward}.1`]);
  for (const name of files) expect((await stat(join(folder, name))).size).toBeLessThanOrEqual(output.bytes);
  const lines = (await tailOutput(output.file, 5_000)).slice(0, -1);
  const numbers = lines.map((line) => Number(/^line (\d+)$/u.exec(line)?.[1]));
  expect(numbers).toEqual(lines.map((_, index) => 400_000 - lines.length + 1 + index));
});

test('a writer that has died is missed at the next word, and replaced', async () => {
  const { tmux, run, pane, output, printed } = await openPane();
  await run(tmux, 'echo before; while read -r line; do echo "heard $line"; done');
  await printed('before');
  const [writer] = await writersOf(tmux);
  if (writer === undefined) throw new Error('nobody takes it down');
  const reader = await findDescendants([writer]);
  for (const pid of [writer, ...reader.map((process) => process.pid)]) process.kill(pid, 'SIGKILL');
  await tmux.submit(pane, 'lost');
  await until(() => tmux.keepOutput(pane, output));
  expect(await tmux.keepOutput(pane, output)).toBe(false);
  await tmux.submit(pane, 'after');
  await printed('heard after');
});

test.skipIf(noSmallDisk)(
  'a full disk ends the writer; that is noticed, and it goes on when there is room',
  async () => {
    const { tmux, pane } = await openPane();
    const disk = await smallDisk(1);
    const output = { file: join(disk.folder, 'output.log'), bytes: 1_000_000 };
    const printed = (line: string) =>
      until(async () => (await tailOutput(output.file, 100).catch((): string[] => [])).includes(line));
    const script = 'echo before; while read -r line; do echo "heard $line"; done';
    await tmux.run(pane, {
      runId: newRunId(),
      argv: ['sh', '-c', script],
      cwd: '/',
      environment: {},
      output,
    });
    await printed('before');
    await disk.fill();
    await tmux.submit(pane, 'x'.repeat(3_000));
    await tmux.submit(pane, 'y'.repeat(3_000));
    await until(async () => (await writersOf(tmux)).length === 0);
    await disk.free();
    // tmux knows that the writer is gone from the next word on.
    await tmux.submit(pane, 'lost');
    await until(() => tmux.keepOutput(pane, output));
    await tmux.submit(pane, 'after');
    await printed('heard after');
  },
);

test('the writer goes with its pane', async () => {
  const { tmux, run, pane, printed } = await openPane();
  await run(tmux, 'echo here; exec sleep 1000');
  await printed('here');
  await tmux.killPane(pane);
  await until(async () => (await writersOf(tmux)).length === 0);
});

test('its command is safe for a shell, a format and strftime', () => {
  const command = outputCommand('/run/output.sh', { file: "/a'b #{x} %d", bytes: 1_000_000 });
  expect(command).toBe(`exec /bin/sh '/run/output.sh' '/a'\\''b ##{x} %%d' ${1_000_000 - 64 * 8_192}`);
});
