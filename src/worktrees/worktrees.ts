/** What can be done with worktrees and branches for tasks; what an agent does in them is its own business. */
import type { Changes } from './changes.ts';
import type { Worktree } from './list-worktrees.ts';
import type { PreparedWorktree } from './prepare-worktree.ts';
import type { RemoveOptions } from './remove-worktree.ts';

/** Every method rejects with WorktreeError. Task ids are `[a-zA-Z0-9_-]+`. */
export interface Worktrees {
  /** The task's worktree on its branch `orchestra/<taskId>-<words of the title>`, locked; made if it is not there. */
  prepare(taskId: string, title: string): Promise<PreparedWorktree>;
  /** Refuses to lose work unless forced. */
  remove(taskId: string, options?: RemoveOptions): Promise<'removed' | 'absent'>;
  list(): Promise<Worktree[]>;
  /** The worktrees of no task in `knownTaskIds`. */
  leftovers(knownTaskIds: Iterable<string>): Promise<Worktree[]>;
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
