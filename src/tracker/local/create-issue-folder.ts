/** Makes the folder that issues are put into; what is in it is read elsewhere. */
import { mkdir } from 'node:fs/promises';
import { attempt } from '../attempt.ts';

/** @throws TrackerError `unavailable` where it cannot be made */
export async function createIssueFolder(folder: string): Promise<'created' | 'present'> {
  const made = await attempt(
    'unavailable',
    `cannot make the folder of issues ${folder}`,
    mkdir(folder, { recursive: true }),
  );
  return made === undefined ? 'present' : 'created';
}
