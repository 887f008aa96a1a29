/** Waiting for what a page comes to show; the time-out only ends what hangs. */
import { expect } from 'vitest';

/** An expectation that is tried again until it holds. */
export function eventually<T>(look: () => T | Promise<T>, message = '') {
  return expect.poll(look, { timeout: 40_000, message });
}
