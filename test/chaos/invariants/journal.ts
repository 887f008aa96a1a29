/** What was once stored as a fact is still there at the end, but for what a fault has destroyed. */
import type { Evidence } from '../evidence.ts';
import { factKey } from '../witness.ts';
import { isFactDamaged } from './declared-damage.ts';
import { type Violation, violations } from './violation.ts';

export function checkJournal(evidence: Evidence): Violation[] {
  const lost = evidence.facts.filter(
    (fact) => !evidence.stored.has(factKey(fact)) && !isFactDamaged(evidence, fact.sequence),
  );
  const sentences = lost.map(
    ({ sequence, name, about }) => `${name} of ${about}, number ${sequence}, is gone from ORCH_EVENTS`,
  );
  return violations('facts that were stored stay stored', sentences);
}
