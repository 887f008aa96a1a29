/** The tracker that is a folder of Markdown files; people and the daemon may edit them at the same time. */
import { resolve } from 'node:path';
import { attempt } from '../attempt.ts';
import { type IssueList, type Tracker, TrackerError } from '../tracker.ts';
import { blockerProblems } from './blockers.ts';
import { appendComment, CommentMarker } from './edit-comments.ts';
import { editLabels } from './edit-labels.ts';
import { type IssueFileParts, splitIssueFile } from './issue-file.ts';
import { issueFolder } from './issue-folder.ts';
import { readIssue } from './read-issue.ts';
import { editFile } from './replace-file.ts';
import { watchFolder } from './watch-folder.ts';

/** How a folder becomes a tracker. */
export interface LocalTrackerOptions {
  /** Where the issue files are; need not exist yet. */
  readonly folder: string;
  /** What time it is, for comments. */
  readonly now?: () => Date;
}

/** Opens nothing yet; a folder that is missing shows when it is listed. */
export function openLocalTracker(options: LocalTrackerOptions): Tracker {
  const root = resolve(options.folder);
  const now = options.now ?? (() => new Date());
  const folder = issueFolder(root);
  let lastWrite: Promise<unknown> = Promise.resolve();

  /** Our own writes wait for each other; those of other programs are noticed by `editFile`. */
  function edit(id: string, change: (parts: IssueFileParts, path: string) => string) {
    const write = lastWrite.then(() => editIssue(id, change));
    lastWrite = write.catch(() => undefined);
    return write;
  }

  async function editIssue(id: string, change: (parts: IssueFileParts, path: string) => string) {
    const entry = await attempt('unavailable', `cannot list ${root}`, folder.find(id));
    const notFound = new TrackerError('issue-not-found', `there is no issue ${id} in ${root}`);
    if (entry === undefined) throw notFound;
    const outcome = await attempt(
      'write-failed',
      `cannot write ${entry.path}`,
      editFile(entry.path, (text) => change(readableParts(text, entry.path, id), entry.path)).catch(
        (error: NodeJS.ErrnoException) => {
          // Deleted between the look and the write, it is as absent as before the look.
          throw error.code === 'ENOENT' && error.path === entry.path ? notFound : error;
        },
      ),
    );
    if (outcome !== 'conflict') return outcome;
    throw new TrackerError('conflict', `${entry.path} kept changing while we tried to write it`);
  }

  return {
    name: 'local',
    async list(): Promise<IssueList> {
      const { entries, problems } = await attempt('unavailable', `cannot list ${root}`, folder.entries());
      const readings = await folder.readAll(entries);
      const read = readings.flatMap(({ result }) => (Array.isArray(result) ? [] : [result]));
      const unreadable = new Set(readings.flatMap(({ id, result }) => (Array.isArray(result) ? [id] : [])));
      const inFiles = readings.flatMap(({ result }) => (Array.isArray(result) ? result : []));
      return {
        issues: read.map(({ issue }) => issue),
        problems: [...problems, ...inFiles, ...blockerProblems(read, unreadable)],
      };
    },
    watch: (onChange) => watchFolder(root, onChange),
    async setLabels(id, change) {
      return await edit(id, (parts, path) => {
        const edited = editLabels(parts, change);
        if (edited !== undefined) return edited;
        const remedy = 'Write its front matter as plain `key: value` lines.';
        throw new TrackerError('issue-unreadable', `${path}: cannot change the labels alone. ${remedy}`);
      });
    },
    async comment(id, comment) {
      if (!CommentMarker.test(comment.marker)) {
        throw new TrackerError('invalid-argument', `not a comment marker: ${JSON.stringify(comment.marker)}`);
      }
      const outcome = await edit(id, (parts) => appendComment(parts, comment, now()));
      return outcome === 'changed' ? 'added' : 'present';
    },
  };
}

/** Only files that read as issues are ever written: in any other we might destroy what its author meant. */
function readableParts(text: string, path: string, id: string): IssueFileParts {
  const parts = splitIssueFile(text);
  const result = readIssue(text, { id, path, bornAt: new Date(0).toISOString() });
  if (parts !== undefined && !Array.isArray(result)) return parts;
  const reason = Array.isArray(result) ? result[0]?.message : undefined;
  throw new TrackerError('issue-unreadable', `${path}: ${reason ?? 'cannot be read as an issue'}`);
}
