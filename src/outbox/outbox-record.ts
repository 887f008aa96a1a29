/** What is stored of the writes to the outside, so that none is forgotten and none is made twice; carries nothing out. */
import { z } from 'zod';
import { versioned } from '../stored/versioned.ts';
import { IssueId } from '../tracker/tracker.ts';

const common = {
  task: IssueId,
  /** The claim whose result it is. */
  token: z.int().min(0),
  /** When it was recorded, ISO 8601. */
  at: z.string(),
  /** Why it can never succeed; null while it is tried. */
  givenUp: z.string().nullable(),
};

/** A comment on the task's issue; `marker` is what the tracker shows of it, by which it is written once. */
const CommentWrite = z.object({
  kind: z.literal('comment'),
  ...common,
  author: z.string(),
  text: z.string(),
  marker: z.string(),
});

/** The task's branch at the remote; that it is at `commit`, or beyond it, shows that it was pushed. */
const PushWrite = z.object({
  kind: z.literal('push'),
  ...common,
  branch: z.string(),
  commit: z.string(),
});

/** One write to the outside. */
export const OutgoingWrite = z.discriminatedUnion('kind', [CommentWrite, PushWrite]);
export type OutgoingWrite = z.infer<typeof OutgoingWrite>;
export type WriteKind = OutgoingWrite['kind'];

/** Of a task: results up to this token have had their writes recorded. */
const Told = z.object({ kind: z.literal('told'), token: z.int().min(0) });

/**
 * The outbox itself. `id` stands in every marker, so that a store that was thrown away does not take the comments of an
 * earlier life for its own. `told` holds the tokens of the tasks that were there before it: their results are nobody's
 * business any more. Not their times decide that: a wall clock may be put back.
 */
const Beginning = z.object({
  kind: z.literal('beginning'),
  id: z.string(),
  since: z.string(),
  told: z.record(z.string(), z.int()).default({}),
});
export type Beginning = z.infer<typeof Beginning>;

/** The stored form of all three. */
export const OutboxRecord = versioned({
  version: 1,
  schema: z.object({ entry: z.discriminatedUnion('kind', [CommentWrite, PushWrite, Told, Beginning]) }),
});
export type OutboxRecord = z.infer<typeof OutboxRecord>;

/** Where a write is kept; its name says whose it is and of what result. */
export const writeKey = ({ task, kind, token }: Pick<OutgoingWrite, 'task' | 'kind' | 'token'>): string =>
  `${task}.${kind}.${token}`;
export const toldKey = (task: string): string => `${task}.told`;
export const beginningKey = 'beginning';
