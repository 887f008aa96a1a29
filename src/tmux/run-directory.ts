/** The folder of our own files for tmux: configuration, host script, exits, texts on their way into a pane. */
import { chmod, mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { renderConfiguration } from './configuration.ts';
import { hostScript } from './host-script.ts';
import { TmuxError } from './tmux-error.ts';

export interface RunDirectory {
  readonly path: string;
  readonly configuration: string;
  readonly host: string;
  /** Where hosts and the pane-died hook leave word: see exit-files.ts. */
  readonly exits: string;
  /** Texts on their way into a pane. */
  readonly pastes: string;
}

/** Makes the folder (0700) and writes the files anew. `path` must be absolute. */
export async function prepareRunDirectory(path: string, historyLimit: number): Promise<RunDirectory> {
  const directory: RunDirectory = {
    path,
    configuration: join(path, 'tmux.conf'),
    host: join(path, 'host.sh'),
    exits: join(path, 'exits'),
    pastes: join(path, 'pastes'),
  };
  for (const folder of [path, directory.exits, directory.pastes])
    await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(path, 0o700);
  await writeFile(directory.configuration, renderConfiguration({ historyLimit, exits: directory.exits }), {
    mode: 0o600,
  });
  await writeFile(directory.host, hostScript, { mode: 0o600 });
  return directory;
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
