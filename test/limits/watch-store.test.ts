/** The watch over a nats-server that stores nothing outlives the connection over which it began. */
import { expect, test } from 'vitest';
import { storeSilence } from '../../src/actors/watch-store.ts';
import type { Bus } from '../../src/bus/bus.ts';
import { Port } from '../../src/ports/port.ts';
import { startServer } from '../bus/real-bus.ts';

test('a bus that was replaced is watched as the first one was', { timeout: 120_000 }, async () => {
  const server = await startServer();
  const port = new Port<Bus>('bus');
  const first = await server.connect();
  port.fill(first);
  const silence = storeSilence(port, new AbortController().signal);
  await first.close(100);
  port.fill(await server.connect());
  process.kill(server.process.pid, 'SIGSTOP');
  const written = port
    .get()
    .publish('orchestra.nothing', 'x')
    .catch(() => undefined);
  expect(await silence).toContain('no answer');
  process.kill(server.process.pid, 'SIGCONT');
  await port.get().close(100);
  await written;
});
