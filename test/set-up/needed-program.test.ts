import { join } from 'node:path';
import { expect, test } from 'vitest';
import { neededProgram } from '../../src/setup/needed-program.mjs';
import { readVersion } from '../../src/setup/program-version.mjs';
import { temporaryFolder, writeFiles, writeProgram } from './temporary-folder.ts';

const violin = { name: 'violin', flag: '-V', oldest: '1.2.0' };

/** Only the programs in that folder: no package manager of the real machine is called. */
function step(folder: string) {
  return neededProgram(violin, { env: { PATH: folder }, versionOf: readVersion });
}

test('a program that is new enough is left as it is', async () => {
  const folder = temporaryFolder();
  writeProgram(join(folder, 'violin'), 'violin 1.2a');
  expect(await step(folder).isDone()).toBe(true);
});

test('where nothing can be installed the sentence has the command to type', async () => {
  const folder = temporaryFolder();
  expect(await step(folder).isDone()).toBe(false);
  await expect(step(folder).perform(() => {})).rejects.toMatchObject({
    exitCode: 69,
    message: expect.stringContaining('violin is missing'),
  });
  writeProgram(join(folder, 'dnf'), '');
  writeProgram(join(folder, 'violin'), 'violin 1.1');
  await expect(step(folder).perform(() => {})).rejects.toMatchObject({
    message: 'violin is 1.1.0, and 1.2.0 or newer is needed: sudo dnf install violin',
  });
});

test.runIf(process.platform === 'linux')('apt installs it, and says so first', async () => {
  const folder = temporaryFolder();
  // sudo, env and apt-get in one: whoever comes first runs the rest, and apt-get's last word is the package.
  const aptGet = `#!/bin/sh
for word in "$@"; do last=$word; done
case "$*" in *install*) printf '#!/bin/sh\\necho violin 1.3\\n' >"${folder}/$last" && /bin/chmod 755 "${folder}/$last" ;; esac
`;
  writeFiles(folder, { 'apt-get': aptGet, env: aptGet, sudo: aptGet }, 0o755);
  const said: string[] = [];
  await step(folder).perform((line) => said.push(line));
  expect(said).toEqual([
    expect.stringMatching(/^Installing violin on this machine: .*apt-get .*install .*violin$/),
  ]);
  expect(await step(folder).isDone()).toBe(true);
});
