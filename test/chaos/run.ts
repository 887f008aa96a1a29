/** One run: an orchestra is started, struck by the faults of a plan, let finish, ended, and looked at from outside. */
import { setTimeout as pause } from 'node:timers/promises';
import { DaemonKeeper } from './daemon-keeper.ts';
import { type Evidence, gatherEvidence } from './evidence.ts';
import type { PlannedFault } from './fault-plan.ts';
import { agentNames, type Ground } from './ground.ts';
import { checkInvariants } from './invariants/check-invariants.ts';
import type { Violation } from './invariants/violation.ts';
import { MessageLedger } from './message-ledger.ts';
import type { Orchestra } from './orchestra.ts';
import { processesOn, signal } from './processes.ts';
import { type StrikeOptions, type Struck, strike } from './strike.ts';
import { untilWhole } from './wholeness.ts';
import { Witness } from './witness.ts';

export interface RunResult extends Struck {
  /** Undefined when the orchestra did not recover from a fault: it is left as it is then, and nothing else is judged. */
  readonly evidence: Evidence | undefined;
}

export interface RunOptions extends StrikeOptions {
  /** Called when all is whole, before the first fault; what it returns is called before the daemon is asked to end. */
  readonly onUp?: (orchestra: Orchestra) => () => void;
}

/** How long everything that is left to do at the end may take, in ms. */
const finishLimit = 240_000;

export async function run(
  ground: Ground,
  plan: readonly PlannedFault[],
  options: RunOptions,
): Promise<RunResult> {
  const keeper = new DaemonKeeper(ground);
  const witness = new Witness(ground);
  const orchestra: Orchestra = { ground, keeper, witness, messages: new MessageLedger() };
  keeper.start();
  let down: (() => void) | undefined;
  try {
    await witness.open();
    await untilWhole(orchestra);
    down = options.onUp?.(orchestra);
    const { struck, skipped, violations } = await strike(orchestra, plan, options);
    if (violations.length > 0) return { struck, skipped, violations, evidence: undefined };
    violations.push(...(await untilFinished(orchestra)));
    down?.();
    down = undefined;
    const evidence = await gatherEvidence(orchestra, struck);
    violations.push(...checkInvariants(evidence));
    return { struck, skipped, violations, evidence };
  } finally {
    down?.();
    await keeper.hold();
    await witness.close();
    // Of a run that was broken off the panes live on without their daemon.
    for (const { pid } of await processesOn(ground)) signal(pid, 'SIGKILL');
  }
}

/** Until nothing is left to do; what is left nevertheless is a violation. */
async function untilFinished({ witness, messages }: Orchestra): Promise<Violation[]> {
  await messages.settled();
  const deadline = Date.now() + finishLimit;
  for (let finished = 0; ; ) {
    const status = await witness.ask('status', {});
    finished = status?.idle && (await areInboxesEmpty(witness)) ? finished + 1 : 0;
    // What was stored just now nats-server counts a moment later.
    if (finished === 2) return [];
    if (Date.now() > deadline) {
      const left = await witness.ask('tasks', {});
      const open = (left ?? []).filter(({ state }) => ['waiting', 'assigned', 'working'].includes(state));
      const evidence = JSON.stringify({ open, agents: status?.agents });
      return [{ invariant: 'everything comes to an end', evidence }];
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
