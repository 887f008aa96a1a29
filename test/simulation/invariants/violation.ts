/** What must never happen, by name, and the error that says that it has. */

export const invariants = {
  'one holder': 'No two agents hold one task, and no agent holds two, at one time.',
  'growing tokens': 'Every claim has a higher token than all before it.',
  dependencies: 'No task is claimed before its blockers are over.',
  attempts: 'No stage is tried more often than it may be, and none pays for a repository that is away.',
  'done once': 'Each stage of a task is done once, by the agent that holds it and says so.',
  'no work without a claim':
    'Nobody begins on a task that is not his, or goes on for long when it is not his any more.',
  'no silent stop': 'A task that nobody works on has a reason that people can see.',
  'leases renewed': 'No lease of an agent at work runs out while all is well.',
  'messages once': 'No message is handed over again after it was handled.',
  'messages kept': 'Every message is handled or among the dead letters.',
  'messages in order': 'Each agent gets its messages in the order in which they were stored.',
  'whole tree': 'The supervision tree is whole, or on its way to be.',
  'nothing leaks': 'Timers, processes and worktrees do not pile up.',
  labels: 'The tracker shows where each task stands.',
  'daemon ends': 'The daemon does not end by itself.',
  'simulated time': 'Nothing waits for anything but the simulated time: a fault of the simulation itself.',
} as const;

export type Invariant = keyof typeof invariants;

/** The simulation has found a fault. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly invariant: Invariant;
  /** Simulated ms. */
  readonly at: number;

  constructor(invariant: Invariant, at: number, what: string) {
    super(`${invariant}: ${what}`);
    this.invariant = invariant;
    this.at = at;
  }
}

/** Called with what was broken; the first one ends the simulation. */
export type Complain = (invariant: Invariant, what: string) => void;
