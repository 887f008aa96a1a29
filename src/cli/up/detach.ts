/** `orchestra up --detach`: the same command again in the background, until it is known to be up or to have failed. */
import { spawn } from 'node:child_process';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createStateFolder, type StateFolder } from '../../state-folder/state-folder.ts';
import { CliError } from '../cli-error.ts';
import { commandName } from '../command-name.ts';
import { runningDaemon } from '../daemon-connection.ts';
import { printLine } from '../output.ts';

/** Starts the daemon and returns when it is up. @throws CliError with what it said when it ended instead. */
export async function detach(state: StateFolder): Promise<void> {
  await createStateFolder(state);
  const errorFile = join(state.root, 'daemon.err');
  // Under a name of its own until it is up: this one may be refused because another runs, whose file that is.
  const draft = `${errorFile}.${process.pid}`;
  const errors = await open(draft, 'w', 0o600);
  const args = [
    ...process.execArgv,
    ...process.argv.slice(1).filter((word) => word !== '--detach' && word !== '-d'),
  ];
  // Its facts are in the log, which is rotated; a file of what it shows would grow for ever.
  const daemon = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'ignore', errors.fd] });
  await errors.close();
  let ended = false;
  daemon.once('exit', () => {
    ended = true;
  });
  while (!ended) {
    const announced = await runningDaemon(state);
    if (announced && announced.pid === daemon.pid) {
      daemon.unref();
      await rename(draft, errorFile);
      const command = commandName();
      printLine(`up, pid ${announced.pid}; \`${command} status\` shows it, \`${command} down\` ends it`);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const said = (await readFile(draft, 'utf8')).trim();
  await rm(draft);
  throw new CliError(
    said === '' ? `The daemon ended at once; see ${state.logFile}.` : said,
    daemon.exitCode || 1,
  );
}
