import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findNatsServer } from '../../src/setup/nats-server.mjs';
import { temporaryFolder, writeFiles, writeProgram } from './temporary-folder.ts';

/** Programs by place, each saying its version; returns what `findNatsServer` takes, and paths by place. */
function machine(versions: { named?: string; path?: string; package?: string; state?: string }) {
  const folder = temporaryFolder();
  const at = (place: string) => join(folder, place === 'state' ? 'state/bin' : place, 'nats-server');
  for (const [place, version] of Object.entries(versions))
    writeProgram(at(place), `nats-server: v${version}`);
  const env = {
    PATH: join(folder, 'path'),
    ...(versions.named ? { ORCHESTRA_NATS_SERVER: at('named') } : {}),
  };
  return { at, where: { env, stateFolder: join(folder, 'state'), alsoIn: [join(folder, 'package')] } };
}

test('the named server comes first', async () => {
  const { at, where } = machine({ named: '2.14.0', path: '2.15.1' });
  expect(await findNatsServer(where)).toEqual({ path: at('named'), version: '2.14.0' });
});

test('PATH comes before the folders packages use, and those before the state folder', async () => {
  const all = machine({ path: '2.10.27', package: '2.14.0', state: '2.15.1' });
  expect(await findNatsServer(all.where)).toEqual({ path: all.at('path'), version: '2.10.27' });
  const some = machine({ package: '2.14.0', state: '2.15.1' });
  expect(await findNatsServer(some.where)).toEqual({ path: some.at('package'), version: '2.14.0' });
});

test('one that is too old is passed over for one that is not', async () => {
  const { at, where } = machine({ path: '2.9.10', package: '2.10.22', state: '2.10.23' });
  expect(await findNatsServer(where)).toEqual({ path: at('state'), version: '2.10.23' });
});

test('only old ones are named, each with its version', async () => {
  const { at, where } = machine({ path: '2.9.10' });
  expect(await findNatsServer(where)).toEqual({
    code: 'too-old',
    problem: expect.stringContaining(`${at('path')} is 2.9.10`),
  });
});

test('a named server that is too old, absent or something else is refused, whatever else there is', async () => {
  const old = machine({ named: '2.9.10', path: '2.15.1' });
  expect(await findNatsServer(old.where)).toMatchObject({
    code: 'too-old',
    problem: expect.stringContaining('2.9.10'),
  });
  const { where } = machine({ path: '2.15.1' });
  const plain = join(writeFiles(temporaryFolder(), { text: 'v2.15.1' }), 'text');
  const other = writeProgram(join(temporaryFolder(), 'other'), 'hello');
  for (const path of ['/nowhere/nats-server', plain, other]) {
    const env = { ...where.env, ORCHESTRA_NATS_SERVER: path };
    expect(await findNatsServer({ ...where, env })).toMatchObject({
      code: 'missing',
      problem: expect.stringContaining(path),
    });
  }
});

test('without any the sentence says what to do', async () => {
  expect(await findNatsServer(machine({}).where)).toMatchObject({
    code: 'missing',
    problem: expect.stringContaining('npm start'),
  });
});
