/** Finds the actors behind the children of a supervisor. For looking only: a child is told things by its supervisor. */
import type { AnyActorRef } from 'xstate';
import { childrenOf } from '../../machines/supervision/subtree.ts';
import { runningPid } from '../../machines/supervision/turn.ts';
import { type SupervisorRef, supervisorMachine } from '../../machines/supervisor.machine.ts';

/**
 * The living child at `path`: ids from this supervisor down, joined by `/` or, for ids that hold one, as a list.
 * Undefined if any of them is unknown or not running at the moment.
 */
export function findChild(
  supervisor: SupervisorRef,
  path: string | readonly string[],
): AnyActorRef | undefined {
  const [id, ...below] = typeof path === 'string' ? path.split('/') : path;
  if (id === undefined) return supervisor;
  const { state } = supervisor.getSnapshot().context;
  const record = state.children.find((candidate) => candidate.id === id);
  const pid = record && runningPid(record);
  const child = pid ? childActor(supervisor, pid) : undefined;
  if (!child || below.length === 0) return child;
  return isSupervisor(child) ? findChild(child, below) : undefined;
}

/** The living supervisor at `path`; undefined if something else, or nothing, is there. */
export function findSupervisor(
  supervisor: SupervisorRef,
  path: string | readonly string[],
): SupervisorRef | undefined {
  const found = findChild(supervisor, path);
  return found && isSupervisor(found) ? found : undefined;
}

/** The actor that lives as `pid` under this supervisor. */
export function childActor(supervisor: SupervisorRef, pid: string): AnyActorRef | undefined {
  const incarnation: AnyActorRef | undefined = supervisor.getSnapshot().children[pid];
  return childrenOf(incarnation).find((actor) => actor.id === 'child');
}

/** Whether this actor is one of our supervisors. */
export function isSupervisor(actor: AnyActorRef): actor is SupervisorRef {
  return actor.getSnapshot().machine?.id === supervisorMachine.id;
}
