/** Looks at the living supervision tree and puts down what it sees, for status pages and logs. */

import { restartsInWindow } from '../../machines/supervision/restart-intensity.ts';
import type {
  ChildRecord,
  ChildStatus,
  SupervisorState,
} from '../../machines/supervision/supervisor-state.ts';
import type { SupervisorRef } from '../../machines/supervisor.machine.ts';
import { childActor, isSupervisor } from './actor-tree.ts';
import { SupervisionHistory } from './supervision-history.ts';
import type { ChildDescription, Incident, SupervisorDescription } from './tree-description.ts';

/** What is known of children beside what their supervisors hold. */
export interface TreeSurroundings {
  readonly history?: SupervisionHistory;
  /** Since when and why a child that does not run is not to be started; null for one that may be. */
  readonly quarantineOf?: (path: string) => Incident | null;
}

type Surroundings = Required<TreeSurroundings>;

/** Asks nothing and waits for nothing, so that a busy supervisor and all below it are shown as well. */
export function describeTree(
  supervisor: SupervisorRef,
  { history = new SupervisionHistory(), quarantineOf = () => null }: TreeSurroundings = {},
): SupervisorDescription {
  return describeSupervisor(supervisor, { history, quarantineOf });
}

function describeSupervisor(supervisor: SupervisorRef, surroundings: Surroundings): SupervisorDescription {
  const { state, hooks, birth } = supervisor.getSnapshot().context;
  const { flags, phase, children } = state;
  const now = Math.floor(hooks.now() / 1000);
  return {
    path: birth?.path ?? '',
    phase,
    strategy: flags.strategy,
    restarts: restartsInWindow(state.restarts, now, flags.period).length,
    intensity: flags.intensity,
    period: flags.period,
    maxChildren: flags.maxChildren,
    children: children.map((child) => describeChild(supervisor, child, surroundings)),
  };
}

function describeChild(
  supervisor: SupervisorRef,
  child: ChildRecord<unknown>,
  surroundings: Surroundings,
): ChildDescription {
  const { state: supervisorState, hooks, birth, retries } = supervisor.getSnapshot().context;
  const { id, spec, failures, startedAt } = child;
  const now = hooks.now();
  const path = birth ? `${birth.path}/${id}` : id;
  const { state, pid } = lifeOf(child, supervisorState);
  const actor = pid === null ? undefined : childActor(supervisor, pid);
  const quarantine = state === 'undefined' ? surroundings.quarantineOf(path) : null;
  const due = dueTime(child.status, retries);
  return {
    id,
    path,
    pid,
    state: quarantine ? 'quarantined' : state,
    type: spec.type,
    restart: spec.restart,
    shutdown: spec.shutdown,
    failures,
    restarts: surroundings.history.of(path).restarts,
    uptime: child.status.state === 'running' ? Math.round(now - startedAt) : null,
    retryIn: due === undefined ? null : Math.max(0, Math.round(due - now)),
    lastExit: surroundings.history.of(path).lastExit,
    killFailed: surroundings.history.of(path).killFailed,
    quarantine,
    value: actor?.getSnapshot().value ?? null,
    supervisor: actor && isSupervisor(actor) ? describeSupervisor(actor, surroundings) : null,
  };
}

/** The life a child is in, and whether its supervisor is waiting for that life to begin or to end. */
function lifeOf(
  { id, status }: ChildRecord<unknown>,
  { job }: SupervisorState<unknown>,
): Pick<ChildDescription, 'state' | 'pid'> {
  const waiting = job?.waiting;
  if (waiting?.for === 'start' && waiting.id === id) return { state: 'starting', pid: waiting.pid };
  if (status.state !== 'running') return { state: status.state, pid: null };
  const isStopping = waiting?.for === 'stop' && waiting.pids.includes(status.pid);
  return { state: isStopping ? 'stopping' : 'running', pid: status.pid };
}

/** When a restart that waits for its time is tried. */
function dueTime(status: ChildStatus, retries: Readonly<Record<number, number>>): number | undefined {
  const token = status.state === 'restarting' ? status.retry?.token : undefined;
  return token === null || token === undefined ? undefined : retries[token];
}
