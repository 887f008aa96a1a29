/** The log on a full disk: nothing crashes, what fits in memory is written later, the rest is counted. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLog } from '../../src/log/log.ts';
import { noSmallDisk, smallDisk } from './small-disk.ts';

test.skipIf(noSmallDisk)('lines wait while the disk is full, and are all there afterwards', async () => {
  const disk = await smallDisk(8);
  const file = join(disk.folder, 'daemon.log');
  const log = createLog({ level: 'info', file });
  log.info({ n: -1 }, 'before');
  await disk.fill();
  for (let n = 0; n < 1_000; n += 1) log.info({ n, text: 'x'.repeat(100) }, 'meanwhile');
  await disk.free();
  log.info('afterwards');
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  const numbers = lines.map((line) => (JSON.parse(line) as { n?: number }).n);
  expect(numbers).toEqual([-1, ...Array.from({ length: 1_000 }, (_, n) => n), undefined]);
});

test.skipIf(noSmallDisk)('what does not fit in memory either is counted and told', async () => {
  const disk = await smallDisk(32);
  const file = join(disk.folder, 'daemon.log');
  let tell: (lost: { lines: number; reason: string }) => void = () => {};
  const told = new Promise<{ lines: number; reason: string }>((resolve) => {
    tell = resolve;
  });
  const log = createLog({ level: 'info', file, onLost: (lines, reason) => tell({ lines, reason }) });
  await disk.fill();
  for (let n = 0; n < 200; n += 1) log.info({ n, text: 'x'.repeat(100_000) }, 'meanwhile');
  await disk.free();
  log.info({ n: 200 }, 'afterwards');
  const { lines, reason } = await told;
  const written = (await readFile(file, 'utf8')).trim().split('\n').length;
  expect(lines + written).toBe(201);
  expect(reason).toContain('no space left');
});
