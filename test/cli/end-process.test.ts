/** The process of a daemon that has ended: what it has forgotten to close does not keep it alive. */
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/package/package-root.ts';

const endProcess = join(packageRoot, 'dist/src/cli/up/end-process.js');

test.each([
  ['stopped', 0],
  ['crashed', 1],
])('%s, it exits with %i although a timer runs on, and logs what was left', async (how, exitCode) => {
  const script = `
    import { endProcess } from ${JSON.stringify(endProcess)};
    setInterval(() => undefined, 1_000);
    endProcess({ how: ${JSON.stringify(how)} }, { warn: (...line) => console.log(JSON.stringify(line)) });`;
  const ended = await execa(process.execPath, ['--input-type=module', '-e', script], { reject: false });
  expect(JSON.parse(ended.stdout)).toEqual([
    { resources: expect.arrayContaining(['Timeout']) },
    'daemon.left.open',
  ]);
  expect(ended.exitCode).toBe(exitCode);
});
