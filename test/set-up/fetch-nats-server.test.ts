import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fetchNatsServer } from '../../src/setup/fetch-nats-server.mjs';
import { readVersion } from '../../src/setup/program-version.mjs';
import { temporaryFolder, writeProgram } from './temporary-folder.ts';

const mirror = { uri: 'http://mirror.test/debian', signedBy: '/keys/debian.gpg' };

/** A machine whose apt-get and dpkg-deb are the fixtures, with a temporary folder of its own. */
function machine(settings: Record<string, string> = {}) {
  const temporary = temporaryFolder();
  const env = { PATH: `${join(import.meta.dirname, 'fixtures')}:/usr/bin:/bin`, ...settings };
  return { folder: join(temporary, 'state', 'bin'), env };
}

test('the binary arrives in its folder, runs, and is all there is', async () => {
  const { folder, env } = machine();
  expect(await fetchNatsServer(mirror, { folder, env })).toMatchObject({ ok: true });
  expect(readdirSync(folder)).toEqual(['nats-server']);
  expect(await readVersion(join(folder, 'nats-server'), '-v')).toBe('9.9.9');
});

test('two at once end with one whole binary', async () => {
  const { folder, env } = machine();
  const results = await Promise.all([1, 2].map(() => fetchNatsServer(mirror, { folder, env })));
  expect(results.map(({ ok }) => ok)).toEqual([true, true]);
  expect(readdirSync(folder)).toEqual(['nats-server']);
});

test('what apt says is kept when there is no package', async () => {
  const { folder, env } = machine({ FIXTURE_NO_PACKAGE: '1' });
  expect(await fetchNatsServer(mirror, { folder, env })).toEqual({
    ok: false,
    output: expect.stringContaining('E: Unable to locate package nats-server'),
  });
  expect(existsSync(folder)).toBe(false);
});

test('a binary that does not run here does not take the place of one that does', async () => {
  const { folder, env } = machine({ FIXTURE_BINARY: 'echo GLIBC_2.99 not found; exit 1' });
  writeProgram(join(folder, 'nats-server'), 'nats-server: v2.15.1');
  expect(await fetchNatsServer(mirror, { folder, env })).toMatchObject({
    ok: false,
    output: expect.stringContaining('GLIBC'),
  });
  expect(await readVersion(join(folder, 'nats-server'), '-v')).toBe('2.15.1');
});
