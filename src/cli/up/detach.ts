/** `orchestra up --detach`: the same command again in the background, until it is known to be up or to have failed. */
import { spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readDaemonFile } from '../../state-folder/daemon-file.ts';
import { createStateFolder, type StateFolder } from '../../state-folder/state-folder.ts';
import { CliError } from '../cli-error.ts';
import { printLine } from '../output.ts';

/** Starts the daemon and returns when it is up. @throws CliError with what it said when it ended instead. */
export async function detach(state: StateFolder): Promise<void> {
  await createStateFolder(state);
  const outputFile = join(state.root, 'daemon.out');
  const output = await open(outputFile, 'w', 0o600);
  const args = [
    ...process.execArgv,
    ...process.argv.slice(1).filter((word) => word !== '--detach' && word !== '-d'),
  ];
  const daemon = spawn(process.execPath, args, { detached: true, stdio: ['ignore', output.fd, output.fd] });
  await output.close();
  let ended = false;
  daemon.once('exit', () => {
    ended = true;
  });
  while (!ended) {
    const announced = await readDaemonFile(state.daemonFile);
    if (announced && announced.pid === daemon.pid) {
      daemon.unref();
      printLine(`up, pid ${announced.pid}; \`orchestra status\` shows it, \`orchestra down\` ends it`);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const said = (await readFile(outputFile, 'utf8')).trim();
  throw new CliError(
    said === '' ? `The daemon ended at once; see ${state.logFile}.` : said,
    daemon.exitCode || 1,
  );
}
