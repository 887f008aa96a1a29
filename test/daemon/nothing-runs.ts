/** That nothing of a project runs any more. */
import { expect } from 'vitest';
import { type FoundProcess, processesOf } from './processes-of.ts';
import { waitUntil } from './wait-until.ts';

/** What takes down a pane's output, and what tmux runs when a pane dies: both end by themselves, soon after the tmux server. */
const isLastWord = ({ command }: FoundProcess): boolean =>
  /\/output\.sh |^dd bs=|^wc -c$|\/exits\//u.test(command);

export async function expectNothingRuns(folder: string): Promise<void> {
  const left = await processesOf(folder);
  expect(left.filter((one) => !isLastWord(one))).toEqual([]);
  await waitUntil(
    'the last words to be written',
    async () => (await processesOf(folder)).length === 0,
    () => left,
  );
}
