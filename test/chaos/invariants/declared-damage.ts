/** What the faults of a run have said that they destroy. */
import type { Evidence } from '../evidence.ts';

type Struck = Pick<Evidence, 'struck'>;

export const damagedTasks = ({ struck }: Struck): Set<string> =>
  new Set(struck.flatMap(({ damage }) => damage?.tasks ?? []));

export const damagedLedgers = ({ struck }: Struck): Set<string> =>
  new Set(struck.flatMap(({ damage }) => damage?.ledgers ?? []));

/** Whether a fault has destroyed the fact with this sequence. */
export const isFactDamaged = ({ struck }: Struck, sequence: number): boolean =>
  struck.some(({ damage }) => damage?.facts && sequence >= damage.facts.from && sequence <= damage.facts.to);
