/** Which branch belongs to which task, kept in the repository's config beside the branch and deleted with it by git. */
import { slug } from '../tracker/slug.ts';
import { git, tryGit } from './git.ts';

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

/** All branches that belong to tasks, by task id. */
export async function readTaskBranches(checkout: string): Promise<Map<string, TaskBranch>> {
  const { stdout } = await tryGit(checkout, [
    'config',
    '--local',
    '--null',
    '--get-regexp',
    '^branch\\..*\\.orchestra(task|base)$',
  ]);
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

/** Writes the task last: an entry that is cut short belongs to nobody. */
export async function recordTaskBranch(
  checkout: string,
  taskId: string,
  { branch, base }: TaskBranch,
): Promise<void> {
  await git(checkout, ['config', '--local', `branch.${branch}.orchestraBase`, base]);
  await git(checkout, ['config', '--local', `branch.${branch}.orchestraTask`, taskId]);
}
