/** Commands whose output goes nowhere: `machines` stands for all of them, as it needs no daemon. */
import { existsSync } from 'node:fs';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { orchestraCommand } from '../daemon/daemon-process.ts';

/** Linux's device that takes nothing, full(4). */
const fullDisk = '/dev/full';

test.skipIf(!existsSync(fullDisk))('output that cannot be written is one line and status 74', async () => {
  const command = `"$0" "$1" machines >${fullDisk}`;
  const { exitCode, stderr } = await execa('sh', ['-c', command, process.execPath, orchestraCommand], {
    reject: false,
  });
  expect(exitCode).toBe(74);
  expect(stderr).toMatch(/^The output cannot be written: ENOSPC[^\n]*$/);
});

test.skipIf(!existsSync(fullDisk))('where not even that can be said, the status tells', async () => {
  const command = `"$0" "$1" machines >${fullDisk} 2>&1`;
  const { exitCode } = await execa('sh', ['-c', command, process.execPath, orchestraCommand], {
    reject: false,
  });
  expect(exitCode).toBe(74);
});

test('a reader that has gone ends a command quietly', async () => {
  const command = '"$0" "$1" machines --json | true; echo "$?"';
  const { stderr } = await execa('sh', ['-c', command, process.execPath, orchestraCommand]);
  expect(stderr).toBe('');
});
