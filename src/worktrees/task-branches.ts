/** Which branch belongs to which task, kept in the repository's config beside the branch and deleted with it by git. */
import { slug } from '../text/slug.ts';
import { git, tryGit } from './git.ts';
import { WorktreeError } from './worktree-error.ts';

/** A task's branch. */
export interface TaskBranch {
  /** Without `refs/heads/`. */
  readonly branch: string;
  /** Full name of the ref it started from. */
  readonly base: string;
}

/** The name says what a branch is for; it belongs to a task because the config says so, not because of its name. */
export function taskBranchName(taskId: string, title: string): string {
  const words = slug(title, 40);
  return `orchestra/${taskId}${words === '' ? '' : `-${words}`}`;
}

/**
 * The branches that belong to tasks, kept in memory: nobody else writes these keys. What is not known is read anew,
 * because another daemon may have recorded it.
 */
export class TaskBranches {
  readonly #checkout: string;
  #known: Map<string, TaskBranch> = new Map();

  constructor(checkout: string) {
    this.#checkout = checkout;
  }

  async get(taskId: string): Promise<TaskBranch | undefined> {
    if (!this.#known.has(taskId)) this.#known = await readTaskBranches(this.#checkout);
    return this.#known.get(taskId);
  }

  /** Of all tasks, read anew. */
  async all(): Promise<ReadonlyMap<string, TaskBranch>> {
    this.#known = await readTaskBranches(this.#checkout);
    return this.#known;
  }

  /** Writes the task last: an entry that is cut short belongs to nobody. */
  async record(taskId: string, { branch, base }: TaskBranch): Promise<void> {
    await git(this.#checkout, ['config', '--local', `branch.${branch}.orchestraBase`, base]);
    await git(this.#checkout, ['config', '--local', `branch.${branch}.orchestraTask`, taskId]);
    this.#known.set(taskId, { branch, base });
  }

  /** The branch has been deleted, and its part of the config with it. */
  forget(taskId: string): void {
    this.#known.delete(taskId);
  }
}

async function readTaskBranches(checkout: string): Promise<Map<string, TaskBranch>> {
  const { exitCode, stdout, stderr } = await tryGit(checkout, [
    'config',
    '--local',
    '--null',
    '--get-regexp',
    '^branch\\..*\\.orchestra(task|base)$',
  ]);
  // 1 is the answer that there are none; with any other code git has not looked.
  if (exitCode > 1)
    throw new WorktreeError(
      'git-failed',
      `The branches of ${checkout} cannot be read: ${stderr.trim() || `exit code ${exitCode}`}`,
    );
  const tasks = new Map<string, string>();
  const bases = new Map<string, string>();
  for (const entry of stdout.split('\0')) {
    const [, branch, key, value] = /^branch\.(.*)\.orchestra(task|base)\n(.*)$/s.exec(entry) ?? [];
    if (branch === undefined || value === undefined) continue;
    if (key === 'task') tasks.set(value, branch);
    else bases.set(branch, value);
  }
  return new Map(
    [...tasks].flatMap(([taskId, branch]) => {
      const base = bases.get(branch);
      return base === undefined ? [] : [[taskId, { branch, base }] as const];
    }),
  );
}
