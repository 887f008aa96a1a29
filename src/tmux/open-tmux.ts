/** Starting our tmux server, or finding the one that an earlier daemon or a systemd unit has started. */
import { Connection, type ConnectionOptions } from './connection.ts';
import { ensureOverview, overviewHolder, overviewName, sessionName } from './overview-window.ts';
import { PaneWatch } from './pane-watch.ts';
import { listPanes, type RunCommand } from './panes.ts';
import { prepareRunDirectory, prepareSocketDirectory } from './run-directory.ts';
import { cleanEnvironment } from './server-environment.ts';
import { endServer, nudgeServer, type ServerAccess } from './server-process.ts';
import { recallServer, rememberServer, restoreSocket } from './server-record.ts';
import { runOption, Tmux } from './tmux.ts';
import { TmuxError } from './tmux-error.ts';
import { readVersion } from './version.ts';

export interface OpenTmuxOptions {
  /** A path, or a name to be found in `environment.PATH`. Default `tmux`. */
  readonly binary?: string;
  /** The server's socket: ours alone, at most 103 bytes, in a folder of mode 0700 that is made if need be. */
  readonly socket: string;
  /** An absolute folder for our own files; the same for every daemon that uses this socket. */
  readonly runDirectory: string;
  /** The whole environment of the server and of every pane; nothing of the daemon's own goes with it. */
  readonly environment: NodeJS.ProcessEnv;
  /** Lines of scrollback for each pane. Default 5000. */
  readonly historyLimit?: number;
  /** Between two looks at all panes, in ms. Default 50. */
  readonly pollInterval?: number;
  /** How long the server may take for an answer before it counts as stuck, in ms. Default 15000. */
  readonly patienceMs?: number;
}

/**
 * Connects to the server on the socket, starting it if there is none, and brings it into our state: options,
 * environment, overview. Runs that an earlier daemon left are taken over; those that ended meanwhile are announced like
 * any other.
 *
 * @throws TmuxError `missing`, `too-old` or `start-failed`
 */
export async function openTmux(options: OpenTmuxOptions): Promise<Tmux> {
  const { binary = 'tmux', socket, historyLimit = 5_000, pollInterval = 50, patienceMs = 15_000 } = options;
  const { TMUX: _, TMUX_PANE: __, ...environment } = options.environment;
  const version = await readVersion(binary, environment);
  await prepareSocketDirectory(socket);
  const directory = await prepareRunDirectory(options.runDirectory, historyLimit);
  const access: ServerAccess = { binary, socket, environment };
  const connection = await connect(directory.path, access, {
    ...access,
    patienceMs,
    configuration: directory.configuration,
    cwd: directory.path,
    session: sessionName,
    firstWindow: { name: overviewName, command: overviewHolder },
  });
  const command: RunCommand = (...argv) => connection.command(...argv);
  const watch = new PaneWatch({
    command,
    exits: directory.exits,
    nudge: () => nudgeServer(connection.server, command),
    interval: pollInterval,
  });
  connection.onNotification((line) => {
    if (isAboutPanes(line)) watch.look('notification');
  });
  try {
    await connection.sequence(directory.commands);
    await cleanEnvironment(connection, environment);
    await ensureOverview(command);
    const panes = await listPanes(command, [runOption]);
    const watching = watch.start(panes.map(({ pane, options }) => ({ pane, runId: options[runOption] })));
    const lost = Promise.race([connection.lost, failureOf(watching)]);
    void lost.then(() => {
      watch.stop();
      return connection.close();
    });
    return new Tmux({ version, access, directory, connection, watch, lost });
  } catch (cause) {
    await connection.close();
    throw new TmuxError('start-failed', `The tmux server on ${socket} cannot be set up.`, { cause });
  }
}

/**
 * Connects, and remembers the server for the next daemon. A remembered server that cannot be reached, because it is stuck
 * or of another version than the binary, is ended and replaced: nobody could use its panes any more.
 */
async function connect(
  folder: string,
  access: ServerAccess,
  options: ConnectionOptions,
): Promise<Connection> {
  const earlier = await recallServer(folder);
  // Without its socket another would be started beside it.
  if (earlier !== undefined && !(await restoreSocket(earlier, access.socket, options.patienceMs)))
    await endServer(earlier, access);
  const connection = await Connection.open(options).catch(async (error: unknown) => {
    if (earlier === undefined) throw error;
    await endServer(earlier, access);
    return Connection.open(options);
  });
  await rememberServer(folder, connection.server);
  return connection;
}

/** Windows closed, panes moved or closed, sessions gone (tmux(1), CONTROL MODE). */
function isAboutPanes(line: string): boolean {
  return /^%(window-close|unlinked-window-close|layout-change|sessions-changed)/.test(line);
}

/** The watch's failure as a loss; pending as long as it does its work. */
function failureOf(watching: Promise<void>): Promise<TmuxError> {
  return new Promise((resolve) => {
    watching.catch((cause: unknown) =>
      resolve(new TmuxError('lost', 'The watch over the panes failed.', { cause })),
    );
  });
}
