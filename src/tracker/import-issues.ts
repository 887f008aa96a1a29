/** Copies exported issues into a folder of issue files; the daemon need not know, it watches that folder anyway. */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { attempt } from './attempt.ts';
import type { IssueRecord } from './issue-record.ts';
import { identityOf, isIssueFileName } from './local/file-name.ts';
import { splitIssueFile } from './local/issue-file.ts';
import { isClosingLabel } from './local/read-issue.ts';
import { issueFileName, renderIssueFile } from './local/render-issue-file.ts';
import { replaceFile } from './local/replace-file.ts';
import { readIssueRecords } from './read-issue-records.ts';
import type { Problem } from './tracker.ts';

/** What to import, and how. */
export interface ImportOptions {
  /** A `.json`, `.jsonl` or `.ndjson` file. */
  readonly file: string;
  /** Where the issue files go; made if it is missing. */
  readonly folder: string;
  /** Take only the first so many issues; blockers beyond them are left out. */
  readonly limit?: number;
  /** Treat closed issues as open. */
  readonly reopen?: boolean;
  /** Write issues that are there already anew; their comments stay. */
  readonly overwrite?: boolean;
}

/** What became of the records. */
export interface ImportResult {
  readonly imported: number;
  /** Issues that were there already and have been left alone. */
  readonly kept: number;
  readonly problems: Problem[];
}

/** Rejects with TrackerError when a file cannot be read or written; bad records are problems. */
export async function importIssues(options: ImportOptions): Promise<ImportResult> {
  const { problems, ...records } = await attempt(
    'unavailable',
    `cannot read ${options.file}`,
    takeRecords(options),
  );
  const counts = await attempt('write-failed', 'cannot import', writeRecords(records, options));
  return { ...counts, problems };
}

/** The records to import and the numbers of those left behind by `limit`. */
interface TakenRecords {
  readonly taken: ReadonlyMap<number, IssueRecord>;
  readonly beyond: ReadonlySet<number>;
}

async function writeRecords({ taken, beyond }: TakenRecords, options: ImportOptions) {
  await mkdir(options.folder, { recursive: true });
  const existing = await existingIssues(options.folder);
  let imported = 0;
  let kept = 0;
  for (const record of taken.values()) {
    const present = existing.get(String(record.number));
    if (present !== undefined && !options.overwrite) {
      kept++;
      continue;
    }
    // An issue that stays behind would block this one for ever, unless the folder has it from another time.
    const blockedBy = record.blockedBy.filter(
      (number) => !beyond.has(number) || existing.has(String(number)),
    );
    const path = present ?? join(options.folder, issueFileName(record.number, record.title));
    const text = renderRecord({ ...record, blockedBy }, options.reopen ?? false);
    await replaceFile(path, present === undefined ? text : text + (await commentsIn(present)));
    imported++;
  }
  return { imported, kept };
}

/** All records are read before the first is written: which blockers come along is only known at the end. */
async function takeRecords({ file, limit = Number.POSITIVE_INFINITY }: ImportOptions) {
  const taken = new Map<number, IssueRecord>();
  const beyond = new Set<number>();
  const problems: Problem[] = [];
  for await (const reading of readIssueRecords(file)) {
    if ('message' in reading) {
      problems.push(reading);
    } else if (taken.has(reading.record.number) || beyond.has(reading.record.number)) {
      const message = `issue ${reading.record.number} comes a second time; the first one counts`;
      problems.push({ ...reading.place, message });
    } else if (taken.size < limit) {
      taken.set(reading.record.number, reading.record);
    } else {
      beyond.add(reading.record.number);
    }
  }
  return { taken, beyond, problems };
}

function renderRecord(record: IssueRecord, reopen: boolean): string {
  return renderIssueFile({
    ...record,
    labels: reopen ? record.labels.filter((label) => !isClosingLabel(label)) : record.labels,
    closed: record.isClosed && !reopen,
  });
}

async function existingIssues(folder: string): Promise<Map<string, string>> {
  const names = (await readdir(folder)).filter(isIssueFileName).sort().reverse();
  return new Map(
    names.flatMap((name) => {
      const identity = identityOf(name);
      return identity ? [[identity.id, join(folder, name)] as const] : [];
    }),
  );
}

async function commentsIn(path: string): Promise<string> {
  const comments = splitIssueFile(await readFile(path, 'utf8'))?.comments ?? '';
  return comments === '' ? '' : `\n${comments}`;
}
