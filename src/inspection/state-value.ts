/** State values compared, and told as one word. Pure: the daemon, the terminal and the page do both alike. */
import type { StateValue } from './transition.ts';

/** `open`, `working.performing`, `(sending.idle, receiving.busy)`; empty where there is none. */
export function stateText(value: StateValue | null): string {
  if (value === null || typeof value === 'string') return value ?? '';
  const regions = Object.entries(value).map(([state, below]) => {
    const inner = stateText(below);
    return inner === '' ? state : `${state}.${inner}`;
  });
  return regions.length > 1 ? `(${regions.join(', ')})` : (regions[0] ?? '');
}

/** Whether both are the same state; regions may come in any order. */
export function isSameState(a: StateValue | null, b: StateValue | null): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a === 'string' || typeof b === 'string') return false;
  const regions = Object.keys(a);
  return (
    regions.length === Object.keys(b).length &&
    regions.every((region) => isSameState(a[region] ?? null, b[region] ?? null))
  );
}
