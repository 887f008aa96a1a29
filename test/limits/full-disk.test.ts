/** A full disk under nats-server: noticed, waited out, and nothing that was acknowledged is lost. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { untilStoreIsSilent } from '../../src/bus/store-silence.ts';
import { isFullDisk } from '../../src/disk/space.ts';
import { SpaceWatch } from '../../src/disk/space-watch.ts';
import { launchNatsServer } from '../../src/nats-server/launch.ts';
import { patientManager, startOrchestra } from '../bus/real-bus.ts';
import { natsServerBinary } from '../nats-server/launched-server.ts';
import { noSmallDisk, smallDisk } from './small-disk.ts';

const subject = 'orchestra.task.t.happened';

test.skipIf(noSmallDisk)(
  `a server whose writes fail is found out and works again after a restart`,
  { timeout: 120_000 },
  async () => {
    const disk = await smallDisk(64);
    const { server, bus } = await startOrchestra({ directory: join(disk.folder, 'nats') });
    const signal = new AbortController().signal;
    const silent = untilStoreIsSilent(bus, signal);
    await bus.publish(subject, 'before');
    await disk.fill();
    const waiting = Array.from({ length: 20 }, (_, n) =>
      bus.publish(subject, `waits ${n}${'x'.repeat(1_000)}`),
    );
    expect(await silent).toContain('no answer');
    await disk.free();
    await server.crash();
    await Promise.all(waiting);
    const { state } = await (await patientManager(bus)).streams.info('ORCH_EVENTS');
    expect(state.messages).toBe(21);
  },
);

test.skipIf(noSmallDisk)('a start without any room says that the disk is full', async () => {
  const disk = await smallDisk(8);
  await disk.fill();
  const options = { ...(await natsServerBinary()), directory: join(disk.folder, 'nats'), agents: [] };
  const error: unknown = await launchNatsServer(options).catch((thrown: unknown) => thrown);
  expect(isFullDisk(error)).toBe(true);
});

test('a stopped server is found out as well', { timeout: 120_000 }, async () => {
  const { server, bus } = await startOrchestra();
  const silent = untilStoreIsSilent(bus, new AbortController().signal);
  process.kill(server.process.pid, 'SIGSTOP');
  const waiting = bus.publish(subject, 'waits');
  expect(await silent).toBe('JetStream gives no answer');
  await server.crash();
  await waiting;
});

test.skipIf(noSmallDisk)('less room than the reserve is told once, and its end', async () => {
  const disk = await smallDisk(16);
  const told: string[] = [];
  const watch = new SpaceWatch({
    folder: disk.folder,
    reserve: () => 4 * 1024 ** 2,
    onLow: () => told.push('low'),
    onRecovered: () => told.push('recovered'),
  });
  await watch.look();
  await disk.fill(1024 ** 2);
  await watch.look();
  await watch.look();
  expect([told, watch.isLow]).toEqual([['low'], true]);
  await disk.free();
  await watch.look();
  expect([told, watch.isLow]).toEqual([['low', 'recovered'], false]);
});
