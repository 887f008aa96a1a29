import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder, writeFiles, writeProgram } from './temporary-folder.ts';

const projectRoot = join(import.meta.dirname, '..', '..');

/** A clone in small that has its packages, on a machine whose only programs are the ones in `bin`. */
function clone() {
  const root = temporaryFolder();
  for (const name of ['package.json', 'package-lock.json', 'tsconfig.json', 'src/setup']) {
    cpSync(join(projectRoot, name), join(root, name), { recursive: true });
  }
  mkdirSync(join(root, 'node_modules'));
  for (const name of readdirSync(join(projectRoot, 'node_modules'))) {
    if (name !== '.cache')
      symlinkSync(join(projectRoot, 'node_modules', name), join(root, 'node_modules', name));
  }
  writeFiles(root, { 'src/solo.ts': 'export {};\n' });
  const bin = join(root, 'bin');
  writeProgram(join(bin, 'tmux'), 'tmux 3.3a');
  writeProgram(join(bin, 'git'), 'git version 2.39.5');
  writeProgram(join(bin, 'nats-server'), 'nats-server: v2.15.1');
  const setUp = (env: Record<string, string> = {}, nodeArgs: string[] = []) => {
    const script = join(root, 'src', 'setup', 'set-up.mjs');
    const result = spawnSync(process.execPath, [...nodeArgs, script], {
      env: { PATH: bin, ...env },
      encoding: 'utf8',
    });
    return { status: result.status, said: result.stderr, printed: result.stdout };
  };
  return { root, bin, setUp };
}

test('a set-up compiles once, and has nothing to say when all is there', () => {
  const { root, setUp } = clone();
  expect(setUp()).toEqual({ status: 0, said: `Compiling into ${join(root, 'dist')}\n`, printed: '' });
  expect(setUp()).toEqual({ status: 0, said: '', printed: '' });
});

test('what is missing is one sentence and exit 69', () => {
  const { bin, setUp } = clone();
  setUp();
  rmSync(join(bin, 'tmux'));
  expect(setUp()).toMatchObject({
    status: 69,
    said: expect.stringMatching(/^tmux is missing, and 3\.2\.0 or newer .*\n$/),
  });
  writeProgram(join(bin, 'tmux'), 'tmux 3.1c');
  expect(setUp()).toMatchObject({ status: 69, said: expect.stringMatching(/^tmux is 3\.1\.0, .*\n$/) });
});

test('a named nats-server that will not do ends the set-up', () => {
  const { setUp } = clone();
  setUp();
  expect(setUp({ ORCHESTRA_NATS_SERVER: '/nowhere/nats-server' })).toMatchObject({
    status: 69,
    said: expect.stringMatching(/^\/nowhere\/nats-server, which ORCHESTRA_NATS_SERVER .*\n$/),
  });
});

test('a nats-server in the state folder will do', () => {
  const { root, bin, setUp } = clone();
  rmSync(join(bin, 'nats-server'));
  writeProgram(join(root, 'elsewhere', 'bin', 'nats-server'), 'nats-server: v2.15.1');
  expect(setUp({ ORCHESTRA_STATE: join(root, 'elsewhere') }).status).toBe(0);
});

test('an old Node is one sentence', () => {
  const pretend =
    'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.4" } })';
  const { setUp } = clone();
  expect(setUp({}, ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`])).toMatchObject({
    status: 69,
    said: expect.stringMatching(/^Node 20\.19\.0 or newer is needed, and this is 18\.20\.4: .*\n$/),
  });
});

test('a file that cannot be written is one sentence', () => {
  const { root, setUp } = clone();
  writeFiles(root, { '.orchestra': 'a file where the state folder should be' });
  expect(setUp()).toMatchObject({
    status: 69,
    said: expect.stringMatching(/^The set-up cannot go on: EEXIST.*\n$/),
  });
});
