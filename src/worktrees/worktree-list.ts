/** Reads what `git worktree list --porcelain -z` prints; pure. */

/** A worktree as git describes it (git-worktree(1), "Porcelain Format"). */
export interface ListedWorktree {
  readonly path: string;
  /** The commit that is checked out. */
  readonly head?: string;
  /** Without `refs/heads/`; absent where no branch is checked out. */
  readonly branch?: string;
  readonly locked: boolean;
  readonly lockReason?: string;
}

/** The repository's own checkout is the first. */
export function parseWorktreeList(output: string): ListedWorktree[] {
  return output
    .split('\0\0')
    .filter((record) => record !== '')
    .map((record) => {
      const lines = record.split('\0').map((line): [string, string] => {
        const space = line.indexOf(' ');
        return space === -1 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)];
      });
      const fields = new Map(lines);
      const head = fields.get('HEAD');
      const branch = fields.get('branch')?.replace(/^refs\/heads\//, '');
      const lockReason = fields.get('locked');
      return {
        path: fields.get('worktree') ?? '',
        ...(head !== undefined && { head }),
        ...(branch !== undefined && { branch }),
        locked: fields.has('locked'),
        ...(lockReason !== undefined && lockReason !== '' && { lockReason }),
      };
    });
}
