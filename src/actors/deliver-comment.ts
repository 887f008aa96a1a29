/** One recorded comment, brought to the tracker: its marker shows whether it stands there already. */
import type { Delivery } from '../outbox/delivery-lane.ts';
import type { OutgoingWrite } from '../outbox/outbox-record.ts';
import { TrackerError } from '../tracker/tracker.ts';
import type { World } from './world.ts';

export async function writeComment(
  world: World,
  { task, token, author, text, marker }: Extract<OutgoingWrite, { kind: 'comment' }>,
): Promise<Delivery> {
  const tracker = world.ports.tracker.peek();
  if (!tracker) return { outcome: 'away', reason: 'the tracker is not open now' };
  try {
    await tracker.comment(task, { author, text, marker });
    world.tell('task.commented', task, { token });
    return { outcome: 'done' };
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    return { outcome: outcomes[error.code], reason: error.message };
  }
}

const outcomes = {
  unavailable: 'away',
  'watch-failed': 'away',
  'issue-not-found': 'never',
  'invalid-argument': 'never',
  'issue-unreadable': 'later',
  conflict: 'later',
  'write-failed': 'later',
} as const satisfies Record<TrackerError['code'], Delivery['outcome']>;
