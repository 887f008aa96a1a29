/** Where everything is kept: one folder for a project, paths below it, and a socket path that a socket can have. */
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  type DaemonFile,
  readDaemonFile,
  removeDaemonFile,
  writeDaemonFile,
} from '../../src/state-folder/daemon-file.ts';
import { locateState } from '../../src/state-folder/locate-state.ts';
import { createStateFolder, stateFolder } from '../../src/state-folder/state-folder.ts';
import { StateFolderError } from '../../src/state-folder/state-folder-error.ts';

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'orchestra state-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

describe('location', () => {
  test('ORCHESTRA_STATE, then the config, then a folder named after the project', () => {
    expect(locateState('/p/shop', 'state', { ORCHESTRA_STATE: '/elsewhere' }).root).toBe('/elsewhere');
    expect(locateState('/p/shop', 'state', {}).root).toBe('/p/shop/state');
    expect(locateState('/p/shop', '/abs', {}).root).toBe('/abs');
    expect(locateState('/p/shop', undefined, { XDG_STATE_HOME: '/x' }).root).toMatch(
      /^\/x\/orchestra\/shop-[0-9a-f]{8}$/,
    );
    expect(
      locateState('/p/shop', undefined, {}).root.startsWith(
        join(homedir(), '.local', 'state', 'orchestra', 'shop-'),
      ),
    ).toBe(true);
  });

  test('two projects of one name have two folders, one project always the same', () => {
    const at = (project: string) => locateState(project, undefined, {}).root;
    expect(at('/a/shop')).not.toBe(at('/b/shop'));
    expect(at('/a/shop')).toBe(at('/a/shop'));
  });
});

describe('the tmux socket', () => {
  const rootOf = (bytes: number) => `/${'x'.repeat(bytes - '/tmux/socket'.length - 1)}`;

  test('lies below the folder as long as its path fits', () => {
    expect(stateFolder(rootOf(107)).tmuxSocket).toBe(`${rootOf(107)}/tmux/socket`);
  });

  test('goes below the temporary folder when it does not, apart for each folder', () => {
    const first = stateFolder(rootOf(108)).tmuxSocket;
    expect(first.startsWith(join(tmpdir(), 'orchestra-'))).toBe(true);
    expect(Buffer.byteLength(first)).toBeLessThanOrEqual(107);
    expect(first).toBe(stateFolder(rootOf(108)).tmuxSocket);
    expect(first).not.toBe(stateFolder(rootOf(109)).tmuxSocket);
  });

  test('is measured in bytes, not characters', () => {
    const root = `/${'日'.repeat(33)}`;
    expect(stateFolder(root).tmuxSocket.startsWith(root)).toBe(false);
  });
});

test('the folders are made for their owner only, and making them again does no harm', async () => {
  const state = stateFolder(join(await temporaryFolder(), 'deep', 'state'));
  await createStateFolder(state);
  await createStateFolder(state);
  for (const folder of [state.root, state.nats, state.tmuxRun, state.worktrees, dirname(state.tmuxSocket)]) {
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  }
});

test.each(['file', 'file/below', '/proc/orchestra/deep'])(
  'where no folder can be (%s) that is said with the remedy, at once',
  async (place) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    const state = stateFolder(resolve(folder, place));
    const creating = createStateFolder(state);
    await expect(creating).rejects.toThrow(StateFolderError);
    await expect(creating).rejects.toThrow(/Name another with `state`/u);
  },
);

describe('the daemon file', () => {
  const content: DaemonFile = {
    pid: 7,
    processStart: 4_711,
    startedAt: '2025-06-01T12:00:00Z',
    natsUrl: 'nats://127.0.0.1:4333',
    operatorKey: '/state/nats/keys/operator.nk',
    attach: ['tmux', '-S', '/a b', 'attach'],
    config: '/p/config/orchestra.yaml',
  };

  test('comes back as it was written, readable by its owner only', async () => {
    const file = join(await temporaryFolder(), 'daemon.json');
    await writeDaemonFile(file, content);
    expect(await readDaemonFile(file)).toEqual(content);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await removeDaemonFile(file);
    await removeDaemonFile(file);
    expect(await readDaemonFile(file)).toBeUndefined();
  });

  test('below something that is no folder it cannot be read, and the remedy is said', async () => {
    const file = join(await temporaryFolder(), 'daemon.json');
    await writeFile(file, '');
    await expect(readDaemonFile(join(file, 'daemon.json'))).rejects.toThrow(StateFolderError);
  });

  test.each(['', '{', '{}', '[]', '{"pid":"7"}'])('%j is none', async (text) => {
    const file = join(await temporaryFolder(), 'daemon.json');
    await writeFile(file, text);
    expect(await readDaemonFile(file)).toBeUndefined();
  });
});
