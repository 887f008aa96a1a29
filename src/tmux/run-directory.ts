/** The folder of our own files for tmux: configuration, host script, exits, texts on their way into a pane. */
import { chmod, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { configurationCommands, renderConfiguration } from './configuration.ts';
import { hostScript } from './host-script.ts';
import { outputScript } from './output-script.ts';
import type { Command } from './quoting.ts';
import { TmuxError } from './tmux-error.ts';

export interface RunDirectory {
  readonly path: string;
  /** The file with our options, read by a server that we start … */
  readonly configuration: string;
  /** … and what it says, for a server that runs already. */
  readonly commands: readonly Command[];
  readonly host: string;
  /** The program that takes down what panes print. */
  readonly output: string;
  /** Where hosts and the pane-died hook leave word: see exit-files.ts. */
  readonly exits: string;
  /** Texts on their way into a pane. */
  readonly pastes: string;
}

/** The file with our options in such a folder: it stands in the command line of every server and client of ours. */
export const tmuxConfiguration = (path: string): string => join(path, 'tmux.conf');

/** Makes the folder (0700) and writes the files anew. `path` must be absolute. */
export async function prepareRunDirectory(path: string, historyLimit: number): Promise<RunDirectory> {
  const exits = join(path, 'exits');
  const directory: RunDirectory = {
    path,
    configuration: tmuxConfiguration(path),
    commands: configurationCommands({ historyLimit, exits }),
    host: join(path, 'host.sh'),
    output: join(path, 'output.sh'),
    exits,
    pastes: join(path, 'pastes'),
  };
  // A daemon that died may have left prompts.
  await rm(directory.pastes, { recursive: true, force: true });
  for (const folder of [path, exits, directory.pastes]) await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(path, 0o700);
  await replaceFile(directory.configuration, renderConfiguration(directory.commands));
  await replaceFile(directory.host, hostScript);
  await replaceFile(directory.output, outputScript);
  return directory;
}

/** Hosts and writers that run already keep on reading the script they were started with. */
async function replaceFile(path: string, text: string): Promise<void> {
  await writeFile(`${path}.draft`, text, { mode: 0o600 });
  await rename(`${path}.draft`, path);
}

/** A socket's path must fit into sockaddr_un: 108 bytes on Linux, 104 on macOS, with a NUL at the end. */
const longestSocketPath = 103;

/**
 * Makes the socket's folder (0700). tmux asks nobody who connects for a password, so a folder that everybody may enter
 * is refused.
 *
 * @throws TmuxError `start-failed`
 */
export async function prepareSocketDirectory(socket: string): Promise<void> {
  if (Buffer.byteLength(socket) > longestSocketPath) {
    throw new TmuxError(
      'start-failed',
      `The socket's path is longer than ${longestSocketPath} bytes: ${socket}`,
    );
  }
  const folder = dirname(socket);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (((await stat(folder)).mode & 0o007) !== 0) {
    throw new TmuxError('start-failed', `Everybody may enter the socket's folder ${folder}: chmod 700 it.`);
  }
}
