/** One thing a set-up sees to: a cheap check, and the work when the check fails, one process at a time. */
import { withSetUpLock } from './set-up-lock.mjs';

/**
 * @typedef {object} SetUpStep
 * @property {() => Promise<boolean>} isDone looks only; cheap, because every `npm start` and `npm test` asks
 * @property {(say: (line: string) => void) => Promise<void>} perform says what it installs and where, then does it;
 *   throws SetUpProblem when it cannot
 */

/**
 * Performs the steps that are not done, in order. Another set-up of the same repository waits, then finds them done.
 * @param {readonly SetUpStep[]} steps
 * @param {{ lockFile: string, say: (line: string) => void }} options
 */
export async function performSteps(steps, { lockFile, say }) {
  for (const step of steps) {
    if (await step.isDone()) continue;
    await withSetUpLock(lockFile, say, async () => {
      if (!(await step.isDone())) await step.perform(say);
    });
  }
}
