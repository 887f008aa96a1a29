/** What every source of issues offers the daemon; how an issue is stored stays inside each tracker's folder. */
import { z } from 'zod';

/** The daemon's key of an issue: safe as a path segment, a branch name and a NATS token. */
export const IssueId = z.string().regex(/^[a-zA-Z0-9_-]{1,100}$/);

/** One issue, whatever it came from. All text is data: nothing in it is ever run, expanded or matched. */
export const Issue = z.object({
  id: IssueId,
  /** The number people use, where the tracker counts. */
  number: z.int().nonnegative().optional(),
  /** One line without control characters. */
  title: z.string().min(1),
  /** Markdown, without the comments. */
  body: z.string(),
  labels: z.array(z.string().min(1)),
  type: z.string().min(1).optional(),
  /** 0 is the most urgent. */
  priority: z.int().min(0).max(4).default(2),
  /** Ids of the issues that must be closed first; an id may name no issue, and then nothing closes it. */
  blockedBy: z.array(IssueId),
  createdAt: z.iso.datetime(),
  deadline: z.iso.datetime().optional(),
  closed: z.boolean(),
  /** Where a person reads it in a browser. */
  url: z.string().optional(),
  /** Where a person edits it on this machine. */
  path: z.string().optional(),
});
export type Issue = z.infer<typeof Issue>;

/** Something a person has to mend at its source; everything else goes on meanwhile. */
export interface Problem {
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
  /** Counts from 1. */
  readonly column: number;
  readonly message: string;
  /** What to do about it, one sentence. */
  readonly remedy?: string;
}

/** What a tracker knows at one moment. */
export interface IssueList {
  readonly issues: Issue[];
  readonly problems: Problem[];
}

/** Labels to put on an issue and to take off it, compared letter by letter. */
export interface LabelChange {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** A comment; two with the same `marker` (`[a-zA-Z0-9:._-]+`) are the same comment, written once. */
export interface IssueComment {
  readonly author: string;
  readonly text: string;
  readonly marker: string;
}

/** A source of issues. Every method rejects with {@link TrackerError} and nothing else. */
export interface Tracker {
  readonly name: string;
  /** All issues, open and closed, and what could not be read. */
  list(): Promise<IssueList>;
  /** Calls `onChange` after issues may have changed; resolves once changes can no longer be missed. */
  watch(onChange: () => void): Promise<{ close(): Promise<void> }>;
  setLabels(id: string, change: LabelChange): Promise<'changed' | 'unchanged'>;
  comment(id: string, comment: IssueComment): Promise<'added' | 'present'>;
}

/** Why a tracker could not do what it was asked. */
export type TrackerErrorCode =
  /** The tracker itself cannot be reached: no folder, no permission, no network. */
  | 'unavailable'
  | 'issue-not-found'
  /** The issue cannot be read as one, so it is not written either. */
  | 'issue-unreadable'
  /** Other writers changed the issue each time we tried. */
  | 'conflict'
  | 'invalid-argument'
  | 'write-failed'
  | 'watch-failed';

/** The only error a tracker throws. */
export class TrackerError extends Error {
  override readonly name = 'TrackerError';
  readonly code: TrackerErrorCode;

  constructor(code: TrackerErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
