/** Turns whatever a library or the file system throws into the one error that trackers throw. */
import { TrackerError, type TrackerErrorCode } from './tracker.ts';

/** The result of `work`; a foreign error becomes the cause of a {@link TrackerError} that begins with `message`. */
export async function attempt<T>(code: TrackerErrorCode, message: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof TrackerError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new TrackerError(code, `${message}: ${reason}`, { cause: error });
  }
}
