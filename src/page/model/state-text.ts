/** A state value as one line of text. */
import type { StateValue } from '../../inspection/transition.ts';

/** Levels are joined by a dot, regions by a bar: `working.delivering`, `process.up ∥ output.quiet`. */
export function stateText(value: StateValue | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  return Object.entries(value).map(regionText).join(' ∥ ');
}

function regionText([key, below]: [string, StateValue]): string {
  const inner = stateText(below);
  if (inner === '') return key;
  return inner.includes(' ∥ ') ? `${key}.(${inner})` : `${key}.${inner}`;
}

/** Whether two values are the same state. Both come from one machine, whose keys keep their order. */
export function isSameState(a: StateValue | null | undefined, b: StateValue | null | undefined): boolean {
  return a === b || stateText(a) === stateText(b);
}
