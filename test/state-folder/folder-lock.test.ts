/** The lock of a state folder, among real processes: one holder at a time, and none that is dead. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { FolderLockedError, lockFolder } from '../../src/state-folder/folder-lock.ts';

const program = join(import.meta.dirname, 'fixtures', 'lock-holder.mjs');
/** As `npm test` has built it. */
const built = join(import.meta.dirname, '..', '..', 'dist', 'src', 'state-folder', 'folder-lock.js');

interface Holder {
  readonly pid: number;
  /** Gives an order and resolves with the answer. */
  tell(order: 'lock' | 'release'): Promise<string>;
  kill(): Promise<void>;
}

async function temporaryFolder(): Promise<{ folder: string; lockFile: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'orchestra state-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return { folder, lockFile: join(folder, 'daemon.lock') };
}

async function startHolder({ folder, lockFile }: { folder: string; lockFile: string }): Promise<Holder> {
  const child: ChildProcess = spawn(process.execPath, [program, folder, lockFile, built], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const { stdin, stdout, pid } = child;
  if (!stdin || !stdout || pid === undefined) throw new Error('the process was not started');
  const exited = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  onTestFinished(kill);
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const answer = async () => String((await lines.next()).value);
  expect(await answer()).toBe('ready');
  return {
    pid,
    kill,
    tell(order) {
      stdin.write(`${order}\n`);
      return answer();
    },
  };
}

test('a second daemon is refused while the first lives, with its pid and what to do', async () => {
  const place = await temporaryFolder();
  const holder = await startHolder(place);
  expect(await holder.tell('lock')).toBe('locked');
  const refused: unknown = await lockFolder(place.folder, place.lockFile).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(FolderLockedError);
  expect(refused).toMatchObject({
    code: 'locked',
    pid: holder.pid,
    message: expect.stringContaining('orchestra down'),
  });
});

test('what was given back may be taken, and nothing is left lying about', async () => {
  const place = await temporaryFolder();
  const holder = await startHolder(place);
  await holder.tell('lock');
  await holder.tell('release');
  const release = await lockFolder(place.folder, place.lockFile);
  expect(await readdir(place.folder)).toEqual(['daemon.lock']);
  expect(await readFile(place.lockFile, 'utf8')).toMatch(new RegExp(`^${process.pid} \\d+\\n$`));
  await release();
  expect(await readdir(place.folder)).toEqual([]);
});

test('the lock of a killed daemon is taken over', async () => {
  const place = await temporaryFolder();
  const holder = await startHolder(place);
  await holder.tell('lock');
  await holder.kill();
  const release = await lockFolder(place.folder, place.lockFile);
  expect(await readdir(place.folder)).toEqual(['daemon.lock']);
  await release();
});

test.each([
  ['of a process that got the pid later', `${process.pid} 1\n`],
  ['that is empty', ''],
  ['that holds nonsense', 'hello\n'],
])('a lock %s is taken over', async (_name, content) => {
  const place = await temporaryFolder();
  await writeFile(place.lockFile, content);
  const release = await lockFolder(place.folder, place.lockFile);
  expect(await readFile(place.lockFile, 'utf8')).toMatch(new RegExp(`^${process.pid} `));
  await release();
});

test.each([
  ['a free folder', undefined],
  ['a stale lock', '999999999 1\n'],
])('of six that want %s at once, exactly one gets it, time after time', async (_name, stale) => {
  const place = await temporaryFolder();
  const holders = await Promise.all(Array.from({ length: 6 }, () => startHolder(place)));
  for (let round = 0; round < 100; round += 1) {
    if (stale !== undefined) await writeFile(place.lockFile, stale);
    const answers = await Promise.all(holders.map((holder) => holder.tell('lock')));
    expect(answers.toSorted(), `round ${round}`).toEqual([
      ...Array.from({ length: 5 }, () => 'FolderLockedError'),
      'locked',
    ]);
    const winner = holders[answers.indexOf('locked')];
    expect(await readFile(place.lockFile, 'utf8')).toMatch(new RegExp(`^${winner?.pid} `));
    await winner?.tell('release');
  }
});
