/** Why something about a repository or a worktree could not be done. */

/** Each code is one thing a person or the caller may decide about. */
export type WorktreeErrorCode =
  | 'git-missing'
  | 'not-a-repository'
  /** The repository has no commit to start from. */
  | 'no-commits'
  /** The branch to start from does not exist. */
  | 'base-missing'
  /** The worktrees would lie inside the repository's own checkout. */
  | 'directory-inside-repository'
  | 'invalid-task-id'
  /** A branch of that name is not the task's own, or is checked out elsewhere. */
  | 'branch-taken'
  /** Something that is not the task's worktree lies where it belongs. */
  | 'path-taken'
  | 'worktree-missing'
  /** There are changes nobody has committed. */
  | 'dirty'
  /** The branch has commits that are in no other. */
  | 'unmerged'
  /** The remote cannot be asked now. */
  | 'remote-away'
  /** The remote has looked at a push and does not take it. */
  | 'remote-refused'
  /** The remote's branch holds commits that are not the task's own. */
  | 'branch-foreign'
  /** A commit that was recorded is not in the repository any more. */
  | 'commit-missing'
  | 'timeout'
  | 'git-failed';

/** The only error this adapter throws; the message ends with what to do. */
export class WorktreeError extends Error {
  override readonly name = 'WorktreeError';
  readonly code: WorktreeErrorCode;

  constructor(code: WorktreeErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
