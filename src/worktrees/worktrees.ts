/** What can be done with worktrees and branches for tasks; what an agent does in them is its own business. */
import type { Changes } from './changes.ts';
import type { Inventory } from './inventory.ts';
import type { Worktree } from './list-worktrees.ts';
import type { PreparedWorktree } from './prepare-worktree.ts';
import type { BranchPush } from './push-branch.ts';
import type { RemoveOptions } from './remove-worktree.ts';

/** Every method rejects with WorktreeError. Task ids are `[a-zA-Z0-9_-]+`. */
export interface Worktrees {
  /** The task's worktree on its branch `orchestra/<taskId>-<words of the title>`, locked; made if it is not there. */
  prepare(taskId: string, title: string): Promise<PreparedWorktree>;
  /** Refuses to lose work unless forced. */
  remove(taskId: string, options?: RemoveOptions): Promise<'removed' | 'absent'>;
  list(): Promise<Worktree[]>;
  /** All that is ours here, to find what nobody needs. */
  inventory(): Promise<Inventory>;
  /** A commit that is checked out in the task's worktree and in no branch; undefined when there is none. */
  strayCommit(taskId: string): Promise<string | undefined>;
  /** Whether the base, as it was last fetched, has all the task's commits; false for a task without a branch. */
  isMergedHere(taskId: string): Promise<boolean>;
  /** The worktrees of no task in `knownTaskIds`. */
  leftovers(knownTaskIds: Iterable<string>): Promise<Worktree[]>;
  /** The task's branch, without `refs/heads/`; undefined when it has none, or has none any more. */
  branch(taskId: string): Promise<string | undefined>;
  /** Makes the remote's branch be at a commit, once; nothing where the remote has it there or in the base. */
  push(taskId: string, push: BranchPush): Promise<'pushed' | 'present' | 'merged'>;
  /** The commit that is checked out. */
  head(taskId: string): Promise<string>;
  changes(taskId: string): Promise<Changes>;
  /** Paths with changes that are not committed, untracked ones among them; far cheaper than `changes`. */
  uncommitted(taskId: string): Promise<string[]>;
  /** Differs whenever something in the worktree differs; evidence that an agent is alive. */
  fingerprint(taskId: string): Promise<string>;
  /** Whether the base, fetched anew where that works, has all the task's commits; also after the worktree is gone. */
  isMerged(taskId: string): Promise<boolean>;
}
