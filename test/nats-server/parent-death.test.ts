import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { seedFile } from '../../src/nats-server/keys.ts';
import { isReady } from '../../src/nats-server/readiness.ts';
import { serverCommand } from '../../src/nats-server/server-command.ts';
import { storeFolder } from '../../src/nats-server/store-folder.ts';
import { isRunning, launch, natsServerBinary, temporaryFolder } from './launched-server.ts';

test.runIf(process.platform === 'linux')(
  'a daemon killed with SIGKILL takes its server with it',
  async () => {
    const folder = storeFolder(await temporaryFolder());
    const { binary } = await natsServerBinary();
    const { url, stop } = await launch(folder.root);
    await stop(5_000); // Its config, port and keys are there for the daemon to use.

    const { file, args } = serverCommand(binary, folder);
    const daemon = spawn(
      process.execPath,
      [fileURLToPath(new URL('./fixtures/daemon.mjs', import.meta.url)), file, ...args],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    onTestFinished(() => void daemon.kill('SIGKILL'));
    const [line] = await once(daemon.stdout.setEncoding('utf8'), 'data');
    const serverPid = Number(line);
    await expect
      .poll(() => isReady(url, seedFile(folder.keysFolder, 'daemon')), { timeout: 20_000 })
      .toBe(true);

    daemon.kill('SIGKILL');

    await expect.poll(() => isRunning(serverPid), { timeout: 20_000 }).toBe(false);
    await launch(folder.root);
  },
);
