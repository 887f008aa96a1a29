/** Which state folder belongs to a project. */
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { type StateFolder, stateFolder } from './state-folder.ts';

/**
 * ORCHESTRA_STATE, else what the config says, else a folder below `$XDG_STATE_HOME/orchestra` named after the project:
 * outside the project, because worktrees must not lie inside the repository they belong to.
 */
export function locateState(
  project: string,
  configured: string | undefined,
  env: NodeJS.ProcessEnv,
): StateFolder {
  const named = env['ORCHESTRA_STATE'];
  if (named) return stateFolder(resolve(named));
  if (configured !== undefined) return stateFolder(resolve(project, configured));
  const hash = createHash('sha256').update(project).digest('hex').slice(0, 8);
  const home = env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state');
  return stateFolder(join(home, 'orchestra', `${basename(project)}-${hash}`));
}
