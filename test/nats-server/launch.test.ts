import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { AuthorizationError, connect } from '@nats-io/transport-node';
import { expect, onTestFinished, test } from 'vitest';
import { fileText } from '../tmux/until.ts';
import { connectAs, isRunning, launch, natsServerBinary, temporaryFolder } from './launched-server.ts';

test('a launched server lets in the daemon and the operator, and JetStream works for both', async () => {
  const server = await launch(await temporaryFolder());
  for (const user of ['daemon', 'operator']) {
    const manager = await jetstreamManager(await connectAs(server, user));
    await manager.streams.add({ name: `BY_${user}`, subjects: [`of.${user}.>`], max_bytes: 1024 * 1024 });
    expect((await manager.streams.info(`BY_${user}`)).config.name).toBe(`BY_${user}`);
  }
});

test('a server that forces every write to the disk keeps messages too', async () => {
  const server = await launch(await temporaryFolder(), { limits: { syncIntervalMs: 'always' } });
  const connection = await connectAs(server, 'daemon');
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: 'NOTES', subjects: ['notes.>'], max_bytes: 1024 * 1024 });
  expect(await jetstream(connection).publish('notes.one', 'written')).toMatchObject({
    stream: 'NOTES',
    seq: 1,
  });
});

test('no one gets in without a key', async () => {
  const server = await launch(await temporaryFolder());
  await expect(connect({ servers: server.url, reconnect: false })).rejects.toThrow(AuthorizationError);
});

test('seeds and config are for their owner only', async () => {
  const folder = await temporaryFolder();
  const server = await launch(folder);
  const files = [server.seedFile('daemon'), server.seedFile('kaede'), join(folder, 'nats.conf')];
  for (const file of files) expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, 'keys'))).mode & 0o777).toBe(0o700);
});

test('a server killed and launched again on its store has the same port, keys and messages', async () => {
  const folder = await temporaryFolder();
  const first = await launch(folder);
  const connection = await connectAs(first, 'daemon');
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: 'NOTES', subjects: ['notes.>'], max_bytes: 1024 * 1024 });
  await jetstream(connection).publish('notes.one', 'still here');

  process.kill(first.pid, 'SIGKILL');
  expect(await first.exited).toEqual({ code: null, signal: 'SIGKILL' });
  const second = await launch(folder);

  expect(second.port).toBe(first.port);
  expect(second.replacedPort).toBeUndefined();
  const again = await jetstreamManager(await connectAs(second, 'daemon'));
  expect((await again.streams.getMessage('NOTES', { seq: 1 }))?.string()).toBe('still here');
});

test('a second launch on the same folder is refused, names the first, and leaves it alone', async () => {
  const folder = await temporaryFolder();
  const first = await launch(folder);
  const configBefore = await readFile(join(folder, 'nats.conf'), 'utf8');
  await expect(launch(folder, { agents: ['botan'] })).rejects.toMatchObject({
    code: 'store-locked',
    message: expect.stringMatching(new RegExp(`process ${first.pid} \\(.*nats.conf.*kill ${first.pid}`)),
  });
  expect(await readFile(join(folder, 'nats.conf'), 'utf8')).toBe(configBefore);
  expect(first.port).toBe(Number(await readFile(join(folder, 'port'), 'utf8')));
  await connectAs(first, 'kaede');
});

test('a kept port that someone else has taken is replaced, and the launch says so', async () => {
  const folder = await temporaryFolder();
  const first = await launch(folder);
  await first.stop(5_000);
  await occupy(first.port);
  const second = await launch(folder);
  expect(second.replacedPort).toBe(first.port);
  expect(second.port).not.toBe(first.port);
  await second.stop(5_000);
  expect((await launch(folder)).port).toBe(second.port);
});

test('a fixed port is used, and refused when someone else has taken it', async () => {
  const free = await launch(await temporaryFolder());
  await free.stop(5_000);
  const folder = await temporaryFolder();
  const server = await launch(folder, { port: free.port });
  expect(server.port).toBe(free.port);
  await server.stop(5_000);
  await occupy(free.port);
  await expect(launch(folder, { port: free.port })).rejects.toMatchObject({ code: 'port-taken' });
});

test('a stopped server is gone, and can be stopped again', async () => {
  const server = await launch(await temporaryFolder());
  await Promise.all([server.stop(5_000), server.stop(5_000)]);
  expect(isRunning(server.pid)).toBe(false);
  await server.stop(5_000);
});

test('a server that does not react to SIGTERM is killed', async () => {
  const server = await launch(await temporaryFolder());
  process.kill(server.pid, 'SIGSTOP');
  await server.stop(50);
  expect(await server.exited).toEqual({ code: null, signal: 'SIGKILL' });
});

test('what is wrong before the start is said with its code', async () => {
  const folder = await temporaryFolder();
  await expect(launch(folder, { version: '2.9.10' })).rejects.toMatchObject({ code: 'too-old' });
  await expect(launch(folder, { binary: join(folder, 'none') })).rejects.toMatchObject({ code: 'missing' });
  await expect(launch(folder, { agents: ['*'] })).rejects.toMatchObject({ code: 'bad-user-name' });
  await expect(launch(folder, { agents: ['daemon'] })).rejects.toMatchObject({ code: 'bad-user-name' });
  const file = join(folder, 'file');
  await writeFile(file, '');
  await expect(launch(file)).rejects.toMatchObject({ code: 'folder-unusable' });
  await writeFile(join(folder, 'port'), 'eighty');
  await expect(launch(folder)).rejects.toMatchObject({ code: 'bad-file' });
});

test('a server that refuses its config or cannot open its store says why, and leaves no process', async () => {
  const folder = await temporaryFolder();
  await expect(launch(folder, { limits: { writeDeadlineMs: Number.NaN } })).rejects.toMatchObject({
    code: 'config-refused',
    message: expect.stringContaining('NaN'),
  });
  await writeFile(join(folder, 'jetstream'), 'not a folder');
  await expect(launch(folder)).rejects.toMatchObject({ code: 'start-failed' });
  await expect(launch(folder, { binary: '/bin/sleep' })).rejects.toMatchObject({ code: 'start-failed' });
});

test('a server that does not answer in time is ended', async () => {
  const folder = await temporaryFolder();
  const silent = join(folder, 'silent');
  await writeFile(silent, '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 });
  await expect(launch(folder, { binary: silent, startTimeoutMs: 50 })).rejects.toMatchObject({
    code: 'start-timeout',
  });
  // The lock ends with the process: that the real one starts proves that the silent one is gone.
  await launch(folder, await natsServerBinary());
});

test('a start that is given up ends the server, however long it would still have had', async () => {
  const folder = await temporaryFolder();
  const silent = join(folder, 'silent');
  await writeFile(silent, `#!/bin/sh\ntouch '${folder}/begun'\nexec sleep 600\n`, { mode: 0o755 });
  const givenUp = new AbortController();
  const starting = launch(folder, { binary: silent, signal: givenUp.signal });
  starting.catch(() => undefined);
  await fileText(join(folder, 'begun'));
  givenUp.abort(new Error('enough'));
  await expect(starting).rejects.toThrow('enough');
  await launch(folder, await natsServerBinary());
});

async function occupy(port: number): Promise<void> {
  const occupant = createServer();
  await new Promise<void>((resolve) => occupant.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => occupant.close(() => resolve())));
}
