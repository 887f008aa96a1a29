/** Which commit a name stands for; a repository that does not answer is never taken for one without it. */
import { tryGit } from './git.ts';
import { WorktreeError } from './worktree-error.ts';

/** The commit that a ref or a hash names; undefined when the repository has none. @throws WorktreeError */
export async function commitOf(repository: string, name: string): Promise<string | undefined> {
  const args = ['rev-parse', '--verify', '--quiet', `${name}^{commit}`];
  const { exitCode, stdout, stderr } = await tryGit(repository, args);
  if (exitCode === 0) return stdout.trim();
  // 1 is the answer that there is none; with any other code git has not looked.
  if (exitCode === 1) return undefined;
  throw new WorktreeError('git-failed', `${name} cannot be looked up in ${repository}: ${stderr.trim()}`);
}
