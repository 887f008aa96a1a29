/** Connecting, coming back, and leaving. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createUser } from '@nats-io/nkeys';
import { expect, test } from 'vitest';
import { connectBus } from '../../src/bus/connect-bus.ts';
import { Arrivals, startServer } from './real-bus.ts';

const nobodyThere = 'nats://127.0.0.1:1';

test('without a server it fails at once', async () => {
  await expect(connectBus({ url: nobodyThere, name: 'x' })).rejects.toMatchObject({ code: 'unreachable' });
});

test('a refused key and a text that is no key are denied', async () => {
  const { url } = await startServer();
  const seed = new TextDecoder().decode(createUser().getSeed());
  for (const wrong of [seed, 'no seed', undefined]) {
    await expect(connectBus({ url, name: 'x', seed: wrong })).rejects.toMatchObject({ code: 'denied' });
  }
});

test('it can wait for the first connection, until it is told not to', async () => {
  const stop = new AbortController();
  const connecting = connectBus({
    url: nobodyThere,
    name: 'x',
    waitOnFirstConnect: true,
    signal: stop.signal,
  });
  stop.abort(new Error('enough'));
  await expect(connecting).rejects.toThrow('enough');
});

test('its status tells of losing the server, finding it again, and closing', async () => {
  const server = await startServer();
  const bus = await server.connect();
  const seen = new Arrivals<string>();
  bus.onStatus(seen.add);
  await server.crash();
  await seen.until((items) => items.includes('connected'));
  await bus.close();
  expect(await bus.closed).toBeUndefined();
  expect(seen.items).toEqual(['reconnecting', 'connected', 'closed']);
  expect(bus.status).toBe('closed');
});

test('closing ends also while the server is away, and twice is once', async () => {
  const server = await startServer();
  const bus = await server.connect();
  await server.kill();
  await Promise.all([bus.close(100), bus.close(100)]);
  expect(bus.status).toBe('closed');
});

test('it follows the server to another address', async () => {
  const server = await startServer();
  const bus = await server.connect();
  await server.kill();
  const flushed = bus.flush();
  await server.start(await freePort());
  await bus.setUrl(server.url);
  await flushed;
});

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  listener.close();
  await once(listener, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return address.port;
}
