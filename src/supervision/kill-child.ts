/** Erlang's `exit(Pid, kill)`: ends a child by force, unasked, so that its supervisor has a crash to deal with. */
import type { SupervisorRef } from '../../machines/supervisor.machine.ts';
import { findSupervisor } from './actor-tree.ts';
import { describeTree } from './describe-tree.ts';
import { nearestPath } from './nearest-path.ts';
import { type ChildDescription, descendantAt } from './tree-description.ts';

/** The life that can be ended at a path, or why there is none. */
export type Victim =
  | {
      readonly ok: true;
      readonly path: string;
      readonly pid: string;
      /**
       * All its actors are stopped at once, what they hold outside is ended by their `kill`, and then its supervisor
       * learns that it was `killed`. A supervisor dies with everything below it.
       */
      readonly kill: () => void;
    }
  | { readonly ok: false; readonly error: 'root' }
  /** `nearest` is the path that was probably meant. */
  | { readonly ok: false; readonly error: 'unknown'; readonly nearest: string | undefined }
  | { readonly ok: false; readonly error: 'not_running'; readonly state: ChildDescription['state'] };

/** The life of the child at `path` below `root`; `tree` is what `root` has been described as just now. */
export function victimAt(root: SupervisorRef, path: string, tree = describeTree(root)): Victim {
  if (path === '') return { ok: false, error: 'root' };
  const child = descendantAt(tree, path);
  if (!child) return { ok: false, error: 'unknown', nearest: nearestPath(tree, path) };
  const { pid, state, id } = child;
  const incarnation = pid === null ? undefined : incarnationOf(root, path.slice(0, -id.length - 1), pid);
  if (pid === null || state !== 'running' || !incarnation) return { ok: false, error: 'not_running', state };
  return { ok: true, path, pid, kill: () => incarnation.send({ type: 'incarnation.kill' }) };
}

function incarnationOf(root: SupervisorRef, supervisorPath: string, pid: string) {
  const supervisor = supervisorPath === '' ? root : findSupervisor(root, supervisorPath);
  return supervisor?.getSnapshot().children[pid];
}
