/** All invariants of a run, in one list. */
import type { Evidence } from '../evidence.ts';
import { checkDependencies } from './dependencies.ts';
import { checkHolders } from './holders.ts';
import { checkJournal } from './journal.ts';
import { checkMessages } from './messages.ts';
import { checkTaskEnds } from './task-ends.ts';
import type { Violation } from './violation.ts';
import { checkWorld } from './world.ts';

export function checkInvariants(evidence: Evidence): Violation[] {
  return [
    ...checkTaskEnds(evidence),
    ...checkHolders(evidence),
    ...checkDependencies(evidence),
    ...checkMessages(evidence),
    ...checkJournal(evidence),
    ...checkWorld(evidence),
  ];
}
