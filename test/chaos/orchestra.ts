/** One running orchestra under fire, as the faults see it: where it lives, who keeps it, who watches it. */
import type { DaemonKeeper } from './daemon-keeper.ts';
import type { Damage } from './damage.ts';
import type { PlannedFault } from './fault-plan.ts';
import type { Ground } from './ground.ts';
import type { MessageLedger } from './message-ledger.ts';
import type { Witness } from './witness.ts';

export interface Orchestra {
  readonly ground: Ground;
  readonly keeper: DaemonKeeper;
  readonly witness: Witness;
  readonly messages: MessageLedger;
}

/** What a fault has done. */
export interface Inflicted {
  /** Whom it met, for people. */
  readonly target: string;
  /** From when recovery counts: when it struck, or when one that lasts was over; ms since the epoch. */
  readonly since: number;
  /** The agent that was hit, if it was one. */
  readonly agent?: string;
  /** Resolves with whether what was hit has been replaced; without it nothing has to be. */
  readonly isAnswered?: () => boolean | Promise<boolean>;
  /** Evidence and state that the fault itself has destroyed. */
  readonly damage?: Damage;
}

/** There was nothing to hit, or it is not possible here. */
export interface Skipped {
  readonly skipped: string;
}

/** Does it; resolves when the blow has fallen, for one that lasts when it is over. */
export type Fault = (orchestra: Orchestra, drawn: PlannedFault) => Promise<Inflicted | Skipped>;
