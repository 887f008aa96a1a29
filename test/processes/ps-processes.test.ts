import { expect, test } from 'vitest';
import { readProcess } from '../../src/processes/linux-processes.ts';
import { listProcesses } from '../../src/processes/ps-processes.ts';

test.runIf(process.platform === 'linux')('ps tells the same of a process as /proc', async () => {
  const entry = (await listProcesses()).find(({ pid }) => pid === process.pid);
  const expected = readProcess(process.pid);
  expect(entry).toMatchObject({ pid: process.pid, parent: expected?.parent, defunct: false });
  expect(entry?.startTime).toBeGreaterThan(0);
  expect(Number.isFinite(entry?.cpuMs)).toBe(true);
});
