/** The state of a machine as one word: `open`, `working.performing`, `(sending.idle, receiving.busy)`. */
import type { StateValue } from '../inspection/transition.ts';

export function stateText(value: StateValue): string {
  if (typeof value === 'string') return value;
  const regions = Object.entries(value).map(([state, below]) => {
    const inner = stateText(below);
    return inner === '' ? state : `${state}.${inner}`;
  });
  return regions.length > 1 ? `(${regions.join(', ')})` : (regions[0] ?? '');
}
