/** Strikes with the faults of a plan, one after the other, and waits after each, or after several at once, until all is whole. */
import { setTimeout as pause } from 'node:timers/promises';
import type { FaultKind, PlannedFault } from './fault-plan.ts';
import { faults } from './faults/faults.ts';
import { sendMessage } from './faults/messages.ts';
import { agentNames } from './ground.ts';
import type { Violation } from './invariants/violation.ts';
import type { Inflicted, Orchestra } from './orchestra.ts';
import { pickAt } from './random.ts';
import { untilWhole } from './wholeness.ts';

export interface StruckFault {
  readonly kind: FaultKind;
  readonly number: number;
  readonly target: string;
  readonly since: number;
  /** Until the tree was whole again; in ms. */
  readonly recovery: number;
  /** False when it never was. */
  readonly isWhole: boolean;
  readonly damage?: Inflicted['damage'];
}

export interface Struck {
  readonly struck: StruckFault[];
  readonly skipped: { readonly kind: FaultKind; readonly why: string }[];
  readonly violations: Violation[];
}

export interface StrikeOptions {
  readonly print: (line: string) => void;
  /** Called before each fault that meets a whole orchestra. */
  readonly beforeFault?: (orchestra: Orchestra) => Promise<void>;
  /** No fault strikes after this moment, ms since the epoch, whatever is left of the plan. */
  readonly until?: number;
}

/** Between faults that strike at once, in ms: what the first one killed is seen to be dead. */
const breath = 100;

interface Blow {
  readonly drawn: PlannedFault;
  readonly done: Inflicted;
}

/** Ends early when the orchestra does not recover: that is a violation. */
export async function strike(
  orchestra: Orchestra,
  plan: readonly PlannedFault[],
  { print, beforeFault, until = Number.POSITIVE_INFINITY }: StrikeOptions,
): Promise<Struck> {
  const result: Struck = { struck: [], skipped: [], violations: [] };
  /** Those that nobody has waited for yet. */
  let blows: Blow[] = [];
  for (const drawn of plan) {
    if (Date.now() > until) break;
    if (blows.length === 0) {
      await beforeFault?.(orchestra);
      orchestra.messages.follow(sendMessage(orchestra, pickAt(agentNames, drawn.variant)));
      await pause(drawn.after);
    } else {
      await pause(breath);
    }
    const { number, kind } = drawn;
    const done = await faults[kind](orchestra, drawn);
    if ('skipped' in done) result.skipped.push({ kind, why: done.skipped });
    else blows.push({ drawn, done });
    print(`${number}. ${kind} ${'skipped' in done ? `skipped: ${done.skipped}` : done.target}`);
    if (drawn.isFollowedAtOnce) continue;
    const isWhole = await recover(orchestra, blows, result, print);
    blows = [];
    if (!isWhole) break;
  }
  return result;
}

async function recover(
  orchestra: Orchestra,
  blows: readonly Blow[],
  { struck, violations }: Struck,
  print: (line: string) => void,
): Promise<boolean> {
  const amiss = await untilWhole(orchestra, blows.at(-1)?.done);
  const isWhole = amiss.length === 0;
  for (const { drawn, done } of blows) {
    const { kind, number } = drawn;
    const { target, since, damage } = done;
    const recovery = Date.now() - since;
    struck.push({ kind, number, target, since, recovery, isWhole, ...(damage && { damage }) });
    print(`${number}. ${isWhole ? 'whole again' : `${amiss.join('; ')},`} after ${recovery} ms`);
  }
  const faults = blows.map(({ drawn, done }) => `${drawn.kind} ${done.target}`).join(', ');
  if (!isWhole)
    violations.push({ invariant: 'the tree is whole', evidence: `${faults}: ${amiss.join('; ')}` });
  return isWhole;
}
