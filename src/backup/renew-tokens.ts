/** Makes the fencing tokens of restored tasks higher than any that was given after the backup was made. */
import { z } from 'zod';
import { bucketPlace } from '../bus/bucket-place.ts';
import { putEntry } from '../bus/bucket-write.ts';
import type { Bus } from '../bus/bus.ts';
import { parseJson } from '../bus/parse-json.ts';
import { caughtUp, readStream } from '../bus/read-stream.ts';

/**
 * No task is claimed so often between a backup and the loss that it is for. What acts with a token of that time (a program
 * that lives on elsewhere, a comment that was written) is then not taken for the work that is done over again.
 */
const headroom = 1_000;

/** A task of any version. */
const Claimable = z.looseObject({ token: z.int().min(0) });

/** Leaves alone what it cannot read. @throws BusError */
export async function renewTokens({ connection }: Bus): Promise<void> {
  const place = bucketPlace('orch_tasks');
  const tasks = new Map<string, z.infer<typeof Claimable>>();
  for await (const message of readStream(connection, {
    stream: place.stream,
    subjects: [place.subject('>')],
    from: 'last-per-subject',
    follow: false,
  })) {
    if (message === caughtUp) break;
    const task = Claimable.safeParse(parseJson(message.data));
    if (task.success) tasks.set(place.key(message.subject), task.data);
  }
  for (const [key, task] of tasks) {
    const renewed = { ...task, token: task.token + headroom };
    await putEntry(connection, place, key, { data: new TextEncoder().encode(JSON.stringify(renewed)) });
  }
}
