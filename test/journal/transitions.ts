/** Transitions as the hub would tell them. */
import type { Transition } from '../../src/inspection/transition.ts';

let clock = Date.UTC(2026, 0, 1);

/** One transition, a millisecond after the one made before, unless told otherwise. */
export function transition(given: Partial<Transition> = {}): Transition {
  clock += 1;
  return {
    at: clock,
    path: 'ensemble/agents/agent:kaede/pane',
    machine: 'pane',
    life: 'x:1',
    event: 'pane.opened',
    from: 'opening',
    to: 'open',
    status: 'active',
    edges: [],
    ...given,
  };
}

/** So many transitions of one life, numbered by their state. */
export function numbered(count: number, from = 0): Transition[] {
  return Array.from({ length: count }, (_, index) =>
    transition({ from: `n${from + index - 1}`, to: `n${from + index}` }),
  );
}
