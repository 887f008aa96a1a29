/** One run: an orchestra is started, struck by the faults of a plan, let finish, ended, and looked at from outside. */
import { setTimeout as pause } from 'node:timers/promises';
import { DaemonKeeper } from './daemon-keeper.ts';
import { type Evidence, gatherEvidence } from './evidence.ts';
import type { FaultKind, PlannedFault } from './fault-plan.ts';
import { faults } from './faults/faults.ts';
import { sendMessage } from './faults/messages.ts';
import { agentNames, type Ground } from './ground.ts';
import { checkInvariants, type Violation } from './invariants/check-invariants.ts';
import { MessageLedger } from './message-ledger.ts';
import type { Inflicted, Orchestra } from './orchestra.ts';
import { pickAt } from './random.ts';
import { lookAtWhole } from './wholeness.ts';
import { Witness } from './witness.ts';

export interface StruckFault {
  readonly kind: FaultKind;
  readonly number: number;
  readonly target: string;
  readonly since: number;
  /** Until the tree was whole again; in ms. */
  readonly recovery: number;
  readonly damage?: Inflicted['damage'];
}

export interface RunResult {
  readonly struck: readonly StruckFault[];
  readonly skipped: readonly { readonly kind: FaultKind; readonly why: string }[];
  readonly violations: readonly Violation[];
  readonly evidence: Evidence | undefined;
}

/** How long a recovery may take before the run gives up, in ms; and everything that is left to do at the end. */
const recoveryLimit = 120_000;
const finishLimit = 240_000;
const lookEvery = 50;

export async function run(
  ground: Ground,
  plan: readonly PlannedFault[],
  print: (line: string) => void,
): Promise<RunResult> {
  const keeper = new DaemonKeeper(ground);
  const witness = new Witness(ground);
  const orchestra: Orchestra = { ground, keeper, witness, messages: new MessageLedger() };
  const struck: StruckFault[] = [];
  const skipped: { kind: FaultKind; why: string }[] = [];
  const violations: Violation[] = [];
  keeper.start();
  try {
    await witness.open();
    await untilWhole(orchestra);
    for (const drawn of plan) {
      void sendMessage(orchestra, pickAt(agentNames, drawn.variant)).catch(() => undefined);
      await pause(drawn.after);
      const done = await faults[drawn.kind](orchestra, drawn);
      if ('skipped' in done) {
        skipped.push({ kind: drawn.kind, why: done.skipped });
        print(`${drawn.number}. ${drawn.kind}: skipped, ${done.skipped}`);
        continue;
      }
      const amiss = await untilWhole(orchestra, done);
      const recovery = Date.now() - done.since;
      const { target, since, damage } = done;
      struck.push({
        kind: drawn.kind,
        number: drawn.number,
        target,
        since,
        recovery,
        ...(damage && { damage }),
      });
      print(`${drawn.number}. ${drawn.kind} ${target}: whole again after ${recovery} ms`);
      if (amiss.length === 0) continue;
      violations.push({
        invariant: 'the tree is whole',
        evidence: `${drawn.kind} ${target}: ${amiss.join('; ')}`,
      });
      break;
    }
    violations.push(...(await untilFinished(orchestra)));
    const evidence = await gatherEvidence(orchestra, struck);
    violations.push(...checkInvariants(evidence));
    return { struck, skipped, violations, evidence };
  } finally {
    await keeper.hold();
    await witness.close();
  }
}

/** Resolves with what is still amiss when it has taken too long. */
async function untilWhole(orchestra: Orchestra, done?: Inflicted): Promise<readonly string[]> {
  const { ground, keeper, witness } = orchestra;
  const deadline = Date.now() + recoveryLimit;
  for (;;) {
    const isAnswered = (await done?.isAnswered?.()) ?? true;
    const { amiss } = isAnswered
      ? await lookAtWhole(ground, keeper, witness)
      : { amiss: ['what was hit has not been replaced'] };
    if (amiss.length === 0 || Date.now() > deadline) return amiss;
    await pause(lookEvery);
  }
}

/** Until nothing is left to do; what is left nevertheless is a violation. */
async function untilFinished({ witness }: Orchestra): Promise<Violation[]> {
  const deadline = Date.now() + finishLimit;
  for (;;) {
    const status = await witness.ask('status', {});
    if (status?.idle && (await areInboxesEmpty(witness))) return [];
    if (Date.now() > deadline) {
      const left = await witness.ask('tasks', {});
      const open = (left ?? []).filter(({ state }) => ['waiting', 'assigned', 'working'].includes(state));
      return [
        {
          invariant: 'everything comes to an end',
          evidence: JSON.stringify({ open, agents: status?.agents }),
        },
      ];
    }
    await pause(200);
  }
}

/** Every message has been handed over, or is a dead letter. */
async function areInboxesEmpty({ bus }: Witness): Promise<boolean> {
  const { consumers } = bus.connection.manager;
  try {
    const inboxes = await Promise.all(agentNames.map((agent) => consumers.info('ORCH_INBOX', agent)));
    return inboxes.every(({ num_pending, num_ack_pending }) => num_pending + num_ack_pending === 0);
  } catch {
    return false;
  }
}
