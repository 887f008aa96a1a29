/** The supervision tree as data at one moment, for status pages and logs. */
import type { StateValue } from 'xstate';
import type { ChildType, Restart } from '../../machines/supervision/child-spec.ts';
import { restartsInWindow } from '../../machines/supervision/restart-intensity.ts';
import type { Strategy } from '../../machines/supervision/supervisor-flags.ts';
import type { ChildRecord } from '../../machines/supervision/supervisor-state.ts';
import type { SupervisorRef } from '../../machines/supervisor.machine.ts';
import { childActor, isSupervisor } from './actor-tree.ts';

/** A supervisor and what is below it. */
export interface SupervisorDescription {
  /** From the root; empty for the root itself. */
  readonly path: string;
  readonly phase: 'initializing' | 'running' | 'terminating' | 'terminated';
  readonly strategy: Strategy;
  /** Restarts that still count against `intensity`. */
  readonly restarts: number;
  readonly intensity: number;
  /** In start order. */
  readonly children: readonly ChildDescription[];
}

/** A child as its supervisor knows it, and what its own machine says. */
interface ChildDescription {
  readonly id: string;
  readonly path: string;
  /** The present life, or null. */
  readonly pid: string | null;
  readonly state: 'running' | 'restarting' | 'undefined';
  readonly type: ChildType;
  readonly restart: Restart;
  /** Crashes and failed starts in a row; what the present backoff is reckoned from. */
  readonly failures: number;
  /** Milliseconds since the present life started, or null. */
  readonly uptime: number | null;
  /** The state value of the child's machine; null if it is not running or no machine. */
  readonly value: StateValue | null;
  /** What is below a child that is a supervisor and is running. */
  readonly supervisor: SupervisorDescription | null;
}

/** Looks at the supervisor and everything below it without asking, so that a busy supervisor is shown as well. */
export function describeTree(supervisor: SupervisorRef): SupervisorDescription {
  const { state, hooks, birth } = supervisor.getSnapshot().context;
  const { flags, phase } = state;
  const path = birth?.path ?? '';
  const now = hooks.now();
  return {
    path,
    phase,
    strategy: flags.strategy,
    restarts: restartsInWindow(state.restarts, Math.floor(now / 1000), flags.period).length,
    intensity: flags.intensity,
    children: state.children.map((child) => describeChild(supervisor, child, path, now)),
  };
}

function describeChild(
  supervisor: SupervisorRef,
  { id, spec, status, failures, startedAt }: ChildRecord<unknown>,
  above: string,
  now: number,
): ChildDescription {
  const pid = status.state === 'running' ? status.pid : null;
  const actor = pid === null ? undefined : childActor(supervisor, pid);
  return {
    id,
    path: above === '' ? id : `${above}/${id}`,
    pid,
    state: status.state,
    type: spec.type,
    restart: spec.restart,
    failures,
    uptime: pid === null ? null : now - startedAt,
    value: actor?.getSnapshot().value ?? null,
    supervisor: actor && isSupervisor(actor) ? describeTree(actor) : null,
  };
}
