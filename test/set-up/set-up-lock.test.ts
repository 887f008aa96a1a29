import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withSetUpLock } from '../../src/setup/set-up-lock.mjs';
import { temporaryFolder, writeFiles } from './temporary-folder.ts';

test('the second waits for the first, says for whom, and comes after it', async () => {
  const file = join(temporaryFolder(), 'state', 'lock');
  const events: string[] = [];
  let finish = () => {};
  const work = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const first = withSetUpLock(
    file,
    () => {},
    async () => {
      events.push(`first holds ${readFileSync(file, 'utf8')}`);
      await work;
      events.push('first is done');
    },
  );
  const second = withSetUpLock(
    file,
    (line) => {
      events.push(line);
      finish();
    },
    async () => void events.push('second'),
  );
  await Promise.all([first, second]);
  expect(events).toEqual([
    `first holds ${process.pid}`,
    `Waiting for another set-up of this folder (process ${process.pid})`,
    'first is done',
    'second',
  ]);
  expect(existsSync(file)).toBe(false);
});

test('work that fails gives the lock back', async () => {
  const file = join(temporaryFolder(), 'lock');
  await expect(
    withSetUpLock(
      file,
      () => {},
      () => Promise.reject(new Error('out of strings')),
    ),
  ).rejects.toThrow('strings');
  expect(existsSync(file)).toBe(false);
});

test('the lock of a dead process, or one without a process, is taken over', async () => {
  const { pid } = spawnSync('true');
  for (const content of [String(pid), 'garbage']) {
    const folder = writeFiles(temporaryFolder(), { lock: content });
    expect(
      await withSetUpLock(
        join(folder, 'lock'),
        () => {},
        async () => 'worked',
      ),
    ).toBe('worked');
    expect(readdirSync(folder)).toEqual([]);
  }
});
