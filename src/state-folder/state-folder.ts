/** Every path the daemon keeps something at, below one folder. */
import { createHash } from 'node:crypto';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { makeFolder } from './make-folder.ts';
import { StateFolderError } from './state-folder-error.ts';

export interface StateFolder {
  root: string;
  /** What the CLI needs to reach the daemon; written when it is up. */
  daemonFile: string;
  lockFile: string;
  logFile: string;
  nats: string;
  /** Programs for agents: the `orchestra` command; and a nats-server that set-up has fetched. */
  bin: string;
  /** The git hooks of all agents. */
  hooks: string;
  tmuxSocket: string;
  tmuxRun: string;
  worktrees: string;
  /** Where the agents' control groups stand, for the next daemon. */
  controlGroups: string;
  /** The folder of one agent's own files: its task, its inbox. */
  agent(name: string): string;
  sample: string;
  /** There while a restore is not finished. */
  restoreFile: string;
  /** When the last backup was made, and where it went. */
  backupFile: string;
  /** Stored records and parts of streams that could not be read. */
  setAside: string;
}

/** Longest path that `sun_path` of a Unix socket holds, less the terminating zero (unix(7)). */
const longestSocketPath = 107;

/** The paths below `root`; nothing is made yet. */
export function stateFolder(root: string): StateFolder {
  return {
    root,
    daemonFile: join(root, 'daemon.json'),
    lockFile: join(root, 'daemon.lock'),
    logFile: join(root, 'daemon.log'),
    nats: join(root, 'nats'),
    bin: join(root, 'bin'),
    hooks: join(root, 'hooks'),
    tmuxSocket: socketPath(root),
    tmuxRun: join(root, 'tmux'),
    worktrees: join(root, 'worktrees'),
    controlGroups: join(root, 'control-groups'),
    agent: (name) => join(root, 'agents', name),
    sample: join(root, 'sample'),
    restoreFile: join(root, 'restore.json'),
    backupFile: join(root, 'last-backup.json'),
    setAside: join(root, 'set-aside'),
  };
}

/** Makes the folder and those below it, readable by their owner only. @throws StateFolderError */
export async function createStateFolder(state: StateFolder): Promise<void> {
  const { root, nats, tmuxRun, worktrees, tmuxSocket } = state;
  try {
    for (const folder of [root, nats, tmuxRun, worktrees, dirname(tmuxSocket)]) await makeFolder(folder);
  } catch (error) {
    throw new StateFolderError(root, error);
  }
}

/** Below the state folder, or, where that path is too long for a socket, below the temporary folder. */
function socketPath(root: string): string {
  const wanted = join(root, 'tmux', 'socket');
  if (Buffer.byteLength(wanted) <= longestSocketPath) return wanted;
  const hash = createHash('sha256').update(root).digest('hex').slice(0, 16);
  return join(tmpdir(), `orchestra-${userInfo().uid}`, hash, 'socket');
}
