/** Reads a folder of issue files, each only when it has changed; what the issues mean to each other is not known here. */
import { isUtf8 } from 'node:buffer';
import type { Dirent, Stats } from 'node:fs';
import { access, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../tracker.ts';
import { type FileNameIdentity, identityOf, isIssueFileName } from './file-name.ts';
import { type ReadIssue, readIssue } from './read-issue.ts';

/** A longer text is no issue but a file that got here by mistake. */
const LARGEST_FILE = 1024 * 1024;
/** Files in work at the same time: enough to keep the disk busy, far from the limit of open files. */
const BATCH = 64;

/** The file that an id stands for. */
export interface IssueFileEntry extends FileNameIdentity {
  readonly path: string;
}

/** What became of one file. */
export interface FileReading extends IssueFileEntry {
  readonly result: ReadIssue | Problem[];
}

interface CachedReading {
  readonly stamp: string;
  readonly bornAt: string;
  readonly result: ReadIssue | Problem[];
}

/** A folder with issues in it. */
export interface IssueFolder {
  /** Which file holds which issue, by name alone; of two names with one id, the first in order. */
  entries(): Promise<{ entries: IssueFileEntry[]; problems: Problem[] }>;
  /** The file of one issue: where it was last seen, or else wherever it is now. */
  find(id: string): Promise<IssueFileEntry | undefined>;
  /** The content of these files; unchanged ones come from memory. */
  readAll(entries: readonly IssueFileEntry[]): Promise<FileReading[]>;
}

/** Nothing is read before it is asked for. All methods reject with what the file system says. */
export function issueFolder(folder: string): IssueFolder {
  let cache = new Map<string, CachedReading>();
  let lastSeen = new Map<string, IssueFileEntry>();

  async function entries() {
    const found = await readdir(folder, { withFileTypes: true });
    const assigned = assignIds(
      folder,
      found.filter(({ name }) => isIssueFileName(name)),
    );
    lastSeen = new Map(assigned.entries.map((entry) => [entry.id, entry]));
    return assigned;
  }

  async function readOne(entry: IssueFileEntry): Promise<[string, CachedReading] | undefined> {
    try {
      const stats = await stat(entry.path);
      const cached = cache.get(entry.path);
      const stamp = stampOf(stats);
      if (cached?.stamp === stamp) return [entry.path, cached];
      // A file that was replaced is born again; the issue in it is not.
      const bornAt = cached?.bornAt ?? birthOf(stats);
      return [entry.path, { stamp, bornAt, result: await readResult(entry, stats, bornAt) }];
    } catch (error) {
      if (isGone(error)) return undefined;
      const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
      const problem = at(entry.path, message, 'Check who may read the file.');
      return [entry.path, { stamp: '', bornAt: '', result: [problem] }];
    }
  }

  return {
    entries,
    async find(id) {
      const seen = lastSeen.get(id);
      if (seen !== undefined && (await isThere(seen.path))) return seen;
      await entries();
      return lastSeen.get(id);
    },
    async readAll(entries) {
      const fresh = new Map<string, CachedReading>();
      for (let start = 0; start < entries.length; start += BATCH) {
        const batch = await Promise.all(entries.slice(start, start + BATCH).map(readOne));
        for (const reading of batch) if (reading) fresh.set(...reading);
      }
      cache = fresh;
      return entries.flatMap((entry) => {
        const reading = fresh.get(entry.path);
        return reading === undefined ? [] : [{ ...entry, result: reading.result }];
      });
    },
  };
}

function assignIds(folder: string, found: Dirent[]): { entries: IssueFileEntry[]; problems: Problem[] } {
  const entries = new Map<string, IssueFileEntry>();
  const problems: Problem[] = [];
  for (const entry of found.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    const identity = identityOf(entry.name);
    const rival = identity && entries.get(identity.id);
    if (!entry.isFile()) {
      problems.push(at(path, 'is not a regular file', 'Put the issue itself here; links are not followed.'));
    } else if (identity === undefined) {
      problems.push(at(path, 'the file name gives no issue id', 'Name it like 12-some-title.md.'));
    } else if (rival !== undefined) {
      problems.push(
        at(path, `${rival.path} is issue ${rival.id} already`, 'Give one of the two another number.'),
      );
    } else {
      entries.set(identity.id, { ...identity, path });
    }
  }
  return { entries: [...entries.values()], problems };
}

async function readResult(
  entry: IssueFileEntry,
  stats: Stats,
  bornAt: string,
): Promise<ReadIssue | Problem[]> {
  if (stats.size > LARGEST_FILE) {
    return [at(entry.path, 'is larger than 1 MiB', 'Shorten it; link to long material instead.')];
  }
  const bytes = await readFile(entry.path);
  if (!isUtf8(bytes)) return [at(entry.path, 'is not UTF-8 text', 'Save it with the encoding UTF-8.')];
  return readIssue(bytes.toString('utf8'), { ...entry, bornAt });
}

/** Besides time and size the inode: a file moved over another may share both. */
function stampOf(stats: Stats): string {
  return `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
}

/** File systems without a birth time report the epoch. */
function birthOf(stats: Stats): string {
  return (stats.birthtimeMs > 0 ? stats.birthtime : stats.mtime).toISOString();
}

function at(file: string, message: string, remedy: string): Problem {
  return { file, line: 1, column: 1, message, remedy };
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
