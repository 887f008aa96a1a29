/** A duration on the command line, as people write it in the config. */
import { InvalidArgumentError } from 'commander';
import { Duration } from '../config/duration.ts';

/** `90s`, `5m`, `1h` in milliseconds. @throws InvalidArgumentError */
export function durationArgument(text: string): number {
  const parsed = Duration.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(parsed.error.issues[0]?.message ?? 'this is no duration');
}
