/**
 * The keys a person may write between the `---` lines of an issue file, and what each may hold.
 * YAML is read with its failsafe schema, so every scalar arrives as the text that stands in the file.
 */
import { z } from 'zod';
import { oneLine } from '../../text/one-line.ts';
import { IssueId } from '../tracker.ts';
import { normalizeId } from './file-name.ts';

/** A key without a value is the same as no key. */
const absentIfEmpty = (value: unknown) => (value === '' ? undefined : value);
/** One word where a list is expected is a list of one. */
const listOfOne = (value: unknown) =>
  typeof value === 'string' && value !== '' ? [value] : absentIfEmpty(value);

const Text = z.string('is not text').transform(oneLine).pipe(z.string().min(1, 'is empty'));
const Label = z.string('is not text').regex(/^[^\p{Cc}]+$/u, 'is empty or holds control characters');
const Blocker = z
  .string('is not an issue id')
  .transform(normalizeId)
  .refine((id) => IssueId.safeParse(id).success, 'is not an issue id');

/** A date alone means its first moment, or its last, in UTC. */
const dateTime = (timeOfDay: string) =>
  z
    .string('is not a date')
    .transform((text) => new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T${timeOfDay}Z` : text))
    .refine((date) => !Number.isNaN(date.getTime()), 'is not a date')
    .transform((date) => date.toISOString());

/** Input: what YAML gives. Output: ids normalized, dates as ISO 8601 in UTC, the title fit for one line. */
export const FrontMatter = z.object(
  {
    title: Text,
    type: z.preprocess(absentIfEmpty, Text.optional()),
    priority: z.preprocess(
      absentIfEmpty,
      z
        .string('is not a number from 0 to 4')
        .regex(/^[0-4]$/, 'is not a number from 0 to 4')
        .default('2')
        .transform(Number),
    ),
    labels: z.preprocess(listOfOne, z.array(Label, 'is not a list of labels').default([])),
    blocked_by: z.preprocess(listOfOne, z.array(Blocker, 'is not a list of issue ids').default([])),
    created: z.preprocess(absentIfEmpty, dateTime('00:00:00.000').optional()),
    deadline: z.preprocess(absentIfEmpty, dateTime('23:59:59.999').optional()),
    closed: z.preprocess(
      absentIfEmpty,
      z
        .enum(['true', 'false'], 'is neither true nor false')
        .default('false')
        .transform((text) => text === 'true'),
    ),
  },
  'is not a list of `key: value` lines',
);
export type FrontMatter = z.infer<typeof FrontMatter>;

/** Every key the front matter knows. */
export const FRONT_MATTER_KEYS = Object.keys(FrontMatter.shape);

const REMEDIES: Record<string, string> = {
  title: 'Write one line of text: `title: What to do`.',
  type: 'Write one word, such as `type: bug`.',
  priority: 'Write a whole number from 0 (most urgent) to 4, such as `priority: 1`.',
  labels: 'Write a list of words: `labels: [bug, urgent]`.',
  blocked_by:
    'Write the ids of other issues: `blocked_by: [3, 7]`; a bare `#` starts a comment in YAML, so leave it out.',
  created: 'Write a date such as 2026-11-22 or 2026-11-22T09:30:00Z.',
  deadline: 'Write a date such as 2026-11-22 or 2026-11-22T09:30:00Z.',
  closed: 'Write `closed: true` or `closed: false`.',
};

/** What to write instead, for a value that {@link FrontMatter} refused. */
export function remedyFor(key: string): string {
  return REMEDIES[key] ?? 'Begin the file with `---`, `title: What to do`, `---`.';
}
