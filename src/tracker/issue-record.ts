/** The shapes in which other trackers export an issue; reading the file they stand in is not done here. */
import { z } from 'zod';
import { oneLine } from '../text/one-line.ts';

const LabelRecord = z
  .union([z.string(), z.object({ name: z.string() })], 'must be a text, or an object with a name')
  .transform((label) => oneLine(typeof label === 'string' ? label : label.name));

/**
 * One exported issue. Two shapes in one: our own (`type`, `priority`, `blockedBy`, `closedAt`) and what
 * `gh issue list --json number,title,body,labels,createdAt,state` prints. Keys of neither are ignored.
 */
export const IssueRecord = z
  .object(
    {
      number: z.int('must be a whole number').nonnegative('must not be negative'),
      title: z.string('must be text').transform(oneLine).pipe(z.string().min(1, 'must not be empty')),
      body: z.string('must be text').nullish(),
      labels: z.array(LabelRecord, 'must be a list').nullish(),
      type: z.string('must be text').nullish(),
      priority: z
        .int('must be a whole number from 0 to 4')
        .min(0, 'must be at least 0')
        .max(4, 'must be at most 4')
        .nullish(),
      createdAt: z.iso.datetime({ offset: true, error: 'must be an ISO 8601 date and time' }).nullish(),
      closedAt: z.iso.datetime({ offset: true, error: 'must be an ISO 8601 date and time' }).nullish(),
      state: z.string('must be text').nullish(),
      blockedBy: z.array(z.int('must be the number of an issue').nonnegative(), 'must be a list').nullish(),
    },
    'must be an object',
  )
  .transform((record) => ({
    number: record.number,
    title: record.title,
    body: (record.body ?? '').replace(/\r\n/g, '\n'),
    labels: (record.labels ?? []).filter((label) => label !== ''),
    type: record.type ?? undefined,
    priority: record.priority ?? 2,
    createdAt: record.createdAt ?? undefined,
    isClosed: typeof record.closedAt === 'string' || record.state?.toLowerCase() === 'closed',
    blockedBy: record.blockedBy ?? [],
  }));
export type IssueRecord = z.infer<typeof IssueRecord>;
