/** Ends what lies below an actor by force, which XState does neither after a crash nor in an order of use to us. */
import type { AnyActorRef } from 'xstate';
import type { Birth, KillCause, ResolvedActorChildSpec } from './child-start.ts';
import type { Pid } from './message.ts';
import { timerDelay } from './timer-delay.ts';

/** What a life is made of; the input of the incarnation machine, and found in its context. */
export interface Incarnation {
  readonly spec: ResolvedActorChildSpec;
  readonly birth: Birth;
}

/** The id of the incarnation machine, by which its actors are recognized from outside. */
// Stryker disable next-line StringLiteral: with it no test file loads, which Stryker takes for survival.
export const incarnationId = 'incarnation';

/** A call of a child's `kill` that is still to be made or to end. */
export interface PendingKill {
  readonly id: string;
  readonly pid: Pid;
  readonly path: string;
  readonly kill: (cause: KillCause) => Promise<void> | void;
  readonly cause: KillCause;
  /** Milliseconds. */
  readonly timeout: number;
}

/**
 * Stops everything below `ref`, deepest and youngest first. A machine that crashes by an exception leaves its
 * children running for ever (statelyai/xstate issue 5153), and one that is stopped stops them in start order.
 */
export function sweepBelow(ref: AnyActorRef | undefined): void {
  for (const child of childrenOf(ref).reverse()) {
    sweepBelow(child);
    if (child.getSnapshot().status === 'active') child.send({ type: 'xstate.stop' });
  }
}

/** The `kill` of every life below `ref` that has not ended; they lose their supervisor with what is above them. */
export function killsBelow(ref: AnyActorRef | undefined): PendingKill[] {
  return childrenOf(ref)
    .reverse()
    .flatMap((child) => {
      const incarnation = incarnationOf(child);
      return [...killsBelow(child), ...(incarnation ? killOf(incarnation, 'orphaned') : [])];
    });
}

/** The `kill` of one life, if it has one. */
export function killOf({ spec, birth }: Incarnation, cause: KillCause): PendingKill[] {
  const { kill, killTimeout = 5000 } = spec.start;
  const { id, pid, path } = birth;
  return kill ? [{ id, pid, path, kill, cause, timeout: timerDelay(killTimeout) }] : [];
}

/** The actors `ref` has started, in start order; none if it is no machine. */
export function childrenOf(ref: AnyActorRef | undefined): AnyActorRef[] {
  const children: Record<string, AnyActorRef> = ref?.getSnapshot().children ?? {};
  return Object.values(children);
}

/** The life `ref` stands for, if it is a living incarnation. */
function incarnationOf(ref: AnyActorRef): Incarnation | undefined {
  // XState types the snapshot of an actor of unknown logic as any; the machine's id tells what its context holds.
  const { status, machine, context } = ref.getSnapshot();
  const isIncarnation = status === 'active' && machine?.id === incarnationId;
  return isIncarnation ? context : undefined;
}
