/** The repository that tasks branch from, and the folder their worktrees go to; made once, by `openWorktrees`. */

export interface Repository {
  /** Any folder of the repository: git runs here. */
  readonly checkout: string;
  /** Where worktrees lie, one a task; absolute, without symbolic links, as git itself prints paths. */
  readonly directory: string;
  readonly remote: string;
  /** The branch tasks start from, where it is not the default one. */
  readonly baseBranch?: string;
}
