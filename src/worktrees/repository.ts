/** The repository that tasks branch from, and the folder their worktrees go to; made once, by `openWorktrees`. */
import type { TaskBranches } from './task-branches.ts';

export interface Repository {
  /** Any folder of the repository: git runs here. */
  readonly checkout: string;
  /** Where worktrees lie, one a task; absolute, without symbolic links, as git itself prints paths. */
  readonly directory: string;
  readonly branches: TaskBranches;
  readonly remote: string;
  /** The branch tasks start from, where it is not the default one. */
  readonly baseBranch?: string;
}
