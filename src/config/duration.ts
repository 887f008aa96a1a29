/** Durations as people write them (`90s`, `5m`, `1h`), parsed to milliseconds. */
import { parse } from '@lukeed/ms';
import { z } from 'zod';

/** The longest that one of Node's timers runs, in ms; a longer one would fire at once. */
const longest = 2 ** 31 - 1;

/**
 * A duration in a config file: a number of milliseconds, or text such as `250ms`, `90s`, `5m`, `1h`; at most 24 days.
 * Parsed to milliseconds.
 */
export const Duration = z
  .union([z.number().nonnegative(), z.string()], {
    error: 'this is no duration; write for example 90s, 5m or 1h',
  })
  .transform((value, context) => {
    const milliseconds = typeof value === 'number' ? value : isZero(value) ? 0 : parse(value);
    if (milliseconds !== undefined && milliseconds >= 0 && milliseconds <= longest) return milliseconds;
    const isLong = milliseconds !== undefined && milliseconds > longest;
    const message = isLong
      ? `"${value}" is too long; the most is 24d`
      : `"${value}" is no duration; write for example 90s, 5m or 1h`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

/** A duration that must not be nothing: what is done again and again. */
export const Interval = Duration.refine(
  (milliseconds) => milliseconds >= 1,
  'this must be longer than nothing',
);

/** `parse` takes a zero for no duration at all. */
const isZero = (text: string): boolean => /^\s*0+\s*(?:ms|s|m|h|d)?\s*$/u.test(text);

/** Milliseconds as a person reads them at a glance: `840 ms`, `12 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return join(minutes, 'min', seconds % 60, 's');
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return join(hours, 'h', minutes % 60, 'min');
  return join(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
