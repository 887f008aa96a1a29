import { existsSync } from 'node:fs';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { findLeftOverFiles } from '../../src/orphans/left-over-files.ts';
import { cleanAll, newStateFolder, orphansIn } from './left-behind.ts';

const hour = 3_600;

async function leave(file: string, secondsAgo: number): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, 'left');
  const then = Date.now() / 1000 - secondsAgo;
  await utimes(file, then, then);
  return file;
}

const uuid = '7d3ec8fd-31b0-4ee5-8c72-4f5c5c9f7c11';

test('drafts and texts on their way are removed when they are older than an hour', async () => {
  const state = await newStateFolder();
  const left = [
    join(state.root, 'daemon.json.4711'),
    join(state.root, 'daemon.lock.4711'),
    join(state.bin, 'orchestra.draft'),
    join(state.tmuxRun, 'tmux.conf.draft'),
    join(state.tmuxRun, 'pastes', 'text'),
    join(state.nats, 'port.4711'),
    join(state.nats, 'keys', 'kaede.4711'),
    join(state.agent('kaede'), `task.md.${uuid}`),
  ];
  for (const file of left) await leave(file, hour + 10);
  const kept = [
    await leave(join(state.root, 'daemon.json.4712'), hour - 60),
    await leave(state.logFile, 10 * hour),
    await leave(join(state.root, 'daemon.log.1'), 10 * hour),
    await leave(join(state.agent('kaede'), 'home', 'novel.draft'), 10 * hour),
    await leave(join(state.agent('kaede'), 'task.md'), 10 * hour),
    await leave(join(state.worktrees, '1', 'my.draft'), 10 * hour),
    await leave(join(state.nats, 'jetstream', 'block.1'), 10 * hour),
  ];
  const found = await findLeftOverFiles(state, true);
  expect(
    orphansIn(found)
      .map(({ id }) => id)
      .sort(),
  ).toEqual(left.sort());
  expect(await cleanAll(found)).toEqual([]);
  expect(left.filter((file) => existsSync(file))).toEqual([]);
  expect(kept.filter((file) => !existsSync(file))).toEqual([]);
});

test('word of ends waits for the next daemon while none runs', async () => {
  const state = await newStateFolder();
  const word = await leave(join(state.tmuxRun, 'exits', 'run.0'), 10 * hour);
  expect(await findLeftOverFiles(state, false)).toEqual([]);
  expect(orphansIn(await findLeftOverFiles(state, true))).toMatchObject([{ kind: 'file', id: word }]);
});

test('a file that is written again by then is another one', async () => {
  const state = await newStateFolder();
  const file = await leave(join(state.root, 'daemon.json.4711'), hour + 10);
  const found = await findLeftOverFiles(state, true);
  await writeFile(file, 'again');
  expect(await cleanAll(found)).toEqual([{ why: 'it is written again' }]);
  expect(existsSync(file)).toBe(true);
});

test('a folder of that name is none of ours', async () => {
  const state = await newStateFolder();
  await leave(join(state.root, 'some.draft', 'file'), 10 * hour);
  const then = Date.now() / 1000 - 10 * hour;
  await utimes(join(state.root, 'some.draft'), then, then);
  expect(await findLeftOverFiles(state, true)).toEqual([]);
});
