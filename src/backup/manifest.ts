/** What a backup says of itself: at its beginning what it is, at its end what has to be in it. */
import { z } from 'zod';
import { versioned } from '../stored/versioned.ts';

/** The first entry, so that a file that is none of ours is known by its first bytes. */
export const headName = 'orchestra-backup.json';
/** The last entry: without it the file is not whole. */
export const manifestName = 'manifest.json';

export const BackupHead = versioned({
  version: 1,
  schema: z.object({
    format: z.literal('miyabi-orchestra-backup'),
    /** The version of the program that wrote it. */
    product: z.string(),
    /** The name of the machine within its orchestra. */
    node: z.string(),
    /** When it was begun, ISO 8601. */
    at: z.iso.datetime(),
  }),
});
export type BackupHead = z.infer<typeof BackupHead>;

const StreamEntry = z.object({
  name: z.string().regex(/^[\w-]+$/u),
  /** The server's own configuration of it, given back to it as it is. */
  config: z.record(z.string(), z.unknown()),
  messages: z.int().min(0),
  firstSequence: z.int().min(0),
  lastSequence: z.int().min(0),
  consumers: z.int().min(0),
});
export type StreamEntry = z.infer<typeof StreamEntry>;

const Commit = z.string().regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/u);

const BranchEntry = z.object({
  task: z.string().regex(/^[\w-]+$/u),
  /** Without `refs/heads/`. */
  branch: z.string().regex(/^[^\s~^:?*[\\-][^\s~^:?*[\\]*$/u),
  /** The ref it started from. */
  base: z.string(),
  commit: Commit,
  /** Whether the task had a worktree. */
  worktree: z.boolean(),
  /** A commit of what was not committed in the worktree; null when everything was. */
  uncommitted: Commit.nullable(),
  /** Why what was not committed could not be taken; null when it was. */
  notTaken: z.string().nullable().default(null),
});
export type BranchEntry = z.infer<typeof BranchEntry>;

const GitEntry = z.object({
  /** The commits that no remote has; null when there are none. */
  bundle: z.string().nullable(),
  /** Whether the repository has a remote: what that one has is not in the bundle. */
  remote: z.boolean(),
  branches: z.array(BranchEntry),
});
export type GitEntry = z.infer<typeof GitEntry>;

const ContentEntry = z.object({ name: z.string(), size: z.int().min(0), sha256: z.string() });
export type ContentEntry = z.infer<typeof ContentEntry>;

export const Manifest = versioned({
  version: 1,
  schema: z.object({
    streams: z.array(StreamEntry),
    git: GitEntry,
    /** Every entry before this one, in order. */
    content: z.array(ContentEntry),
  }),
});
export type Manifest = z.infer<typeof Manifest>;

/** A stream is stored in parts, because its size is known only at its end. */
export const partName = (stream: string, part: number): string =>
  `streams/${stream}/${String(part).padStart(6, '0')}`;

/** The stream that a part belongs to; undefined for another entry. */
export const streamOfPart = (name: string): string | undefined => /^streams\/([\w-]+)\/\d+$/u.exec(name)?.[1];

export const bundleName = 'git/work.bundle';
export const configName = 'config/orchestra.yaml';
