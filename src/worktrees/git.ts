/** Runs git: never through a shell, never asking a person, never running a repository's hooks, never for ever. */
import { setTimeout as delay } from 'node:timers/promises';
import { ExecaError, execa } from 'execa';
import { endLater, isGitEnding, remember } from './git-processes.ts';
import { WorktreeError } from './worktree-error.ts';

/** How one git command is run. */
export interface GitOptions {
  /** Milliseconds until it is ended; 60,000 unless told. */
  readonly timeout?: number;
  /** More environment, such as an identity for commits. */
  readonly env?: Record<string, string>;
}

/** What git said; it may have failed. */
export interface GitResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Long enough for the checkout of a large tree. */
export const SLOW_GIT_MS = 600_000;
const GIT_MS = 60_000;
/** An agent's own git may hold a lock for a moment, on a loaded machine for seconds; after these milliseconds we try again. */
const LOCK_RETRIES_MS = [20, 50, 100, 200, 400, 800, 1_600];
/** Hooks and file-system monitors are programs that whoever can write the repository's config chooses. */
const SAFE_CONFIG = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false'];

/** The output of a git command that has to succeed; else {@link WorktreeError} `git-failed` with git's own words. */
export async function git(
  directory: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string> {
  const result = await tryGit(directory, args, options);
  if (result.exitCode === 0) return result.stdout;
  const said = result.stderr.trim() || `exit code ${result.exitCode}`;
  throw new WorktreeError('git-failed', `git ${args.join(' ')} in ${directory}: ${said}`);
}

/** The outcome of a git command that may fail. Throws only where git is missing or takes too long. */
export async function tryGit(
  directory: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<GitResult> {
  for (const wait of [...LOCK_RETRIES_MS, undefined]) {
    const result = await runOnce(directory, args, options);
    if (result.exitCode === 0 || wait === undefined || !isLockHeld(result.stderr)) return result;
    await delay(wait);
  }
  throw new Error('unreachable: the last try returns');
}

async function runOnce(directory: string, args: readonly string[], options: GitOptions): Promise<GitResult> {
  const timeout = options.timeout ?? GIT_MS;
  if (isGitEnding())
    throw new WorktreeError('git-failed', `git ${args[0]} is not begun any more: we are going down.`);
  const running = execa('git', ['-C', directory, ...SAFE_CONFIG, ...args], {
    env: { ...ENVIRONMENT, ...options.env },
    stdin: 'ignore',
    stripFinalNewline: false,
    // A group of its own: a Ctrl-C that is meant for the daemon must not end git in the middle of its work.
    detached: true,
  });
  const forget = remember(running.pid, running);
  const deadline = endLater(running.pid, timeout);
  try {
    const result = await running;
    return { exitCode: 0, stdout: result.stdout, stderr: result.stderr };
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    if (error.code === 'ENOENT') {
      throw new WorktreeError(
        'git-missing',
        'git is not installed, or not on the PATH. Install git 2.36 or newer.',
        {
          cause: error,
        },
      );
    }
    if (deadline.isPassed()) {
      const message = `git ${args[0]} took longer than ${timeout / 1000} s in ${directory}. Check the disk and the network.`;
      throw new WorktreeError('timeout', message, { cause: error });
    }
    if (error.exitCode === undefined) {
      throw new WorktreeError('git-failed', error.shortMessage, { cause: error });
    }
    return { exitCode: error.exitCode, stdout: String(error.stdout), stderr: String(error.stderr) };
  } finally {
    deadline.cancel();
    forget();
  }
}

/** Names of `git rev-parse --local-env-vars`: with them a git started from a hook would work on another repository. */
const REPOSITORY_VARIABLES = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_CONFIG',
  'GIT_CONFIG_PARAMETERS',
  'GIT_DIR',
  'GIT_GRAFT_FILE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_NAMESPACE',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_REPLACE_REF_BASE',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
];

const ENVIRONMENT: Record<string, string | undefined> = {
  ...Object.fromEntries(REPOSITORY_VARIABLES.map((name) => [name, undefined])),
  LC_ALL: 'C',
  LANGUAGE: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: '',
  SSH_ASKPASS: '',
  // Reads take no locks, so that they never make an agent's commit fail.
  GIT_OPTIONAL_LOCKS: '0',
};

function isLockHeld(stderr: string): boolean {
  return /could not lock config file|Unable to create '[^']*\.lock'|cannot lock ref .*File exists/s.test(
    stderr,
  );
}
