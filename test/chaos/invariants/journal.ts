/** What was once stored as a fact is still there at the end, but for what a fault has destroyed. */
import { factSubject } from '../../../src/events/facts.ts';
import type { Evidence } from '../evidence.ts';
import { storedKey } from '../leftovers.ts';
import { isFactDamaged } from './declared-damage.ts';
import { type Violation, violations } from './violation.ts';

export function checkJournal(evidence: Evidence): Violation[] {
  const lost = evidence.facts.filter(
    ({ sequence, name, about }) =>
      !evidence.stored.has(storedKey(sequence, factSubject(name, about))) &&
      !isFactDamaged(evidence, sequence),
  );
  const sentences = lost.map(
    ({ sequence, name, about }) => `${name} of ${about}, number ${sequence}, is gone from ORCH_EVENTS`,
  );
  return violations('facts that were stored stay stored', sentences);
}
