/**
 * Finished tasks in any number: the one that a daemon has finished on a project, copied under other ids into its store and
 * its issue folder; and what daemons have made of them since. Only while no daemon runs.
 */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { outboxBucket, taskBucket } from '../../src/actors/store-size.ts';
import { withOwnServer } from '../../src/backup/store-access.ts';
import { operationHeader } from '../../src/bus/bucket-entry.ts';
import { bucketPlace } from '../../src/bus/bucket-place.ts';
import { type NewEntry, putEntry } from '../../src/bus/bucket-write.ts';
import type { Bus } from '../../src/bus/bus.ts';
import { caughtUp, readStream } from '../../src/bus/read-stream.ts';
import { TaskRecord } from '../../src/tasks/task-record.ts';
import { issueFileName, renderIssueFile } from '../../src/tracker/local/render-issue-file.ts';
import { readLog } from './adoption.ts';
import type { Project } from './project.ts';

/** Task 1 is the one that is worked off; the others are its copies, and their ids follow. */
const original = 1;
const buckets = [taskBucket, outboxBucket].map(bucketPlace);
/** Tasks whose records are on their way at the same time. */
const atOnce = 64;
const day = 24 * 60 * 60_000;
const firstDay = Date.now() - 365 * day;

/** What was there when the copies were made. */
export interface Past {
  count: number;
  /** Date.now() after the last one was written. */
  madeAt: number;
  /** Of the buckets' streams, in the order of `buckets`. */
  revisions: number[];
}

export interface Traces {
  facts: number;
  records: number;
  files: number;
}

/** An issue file such as a person writes it; issues of a year come fifty a day. */
export async function writeIssue({ issues }: Project, number: number): Promise<void> {
  const text = renderIssueFile({
    ...issue(number),
    body: body(number),
    labels: [],
    priority: 2,
    blockedBy: [],
    closed: false,
  });
  await writeFile(join(issues, issue(number).file), text);
}

const issue = (number: number) => ({
  title: `Work ${number}`,
  file: issueFileName(number, `Work ${number}`),
  createdAt: new Date(firstDay + (number * day) / 50).toISOString(),
});
const body = (number: number): string =>
  `What there is to be done is told in ${'a few words and '.repeat(20)}${number}.`;

/** Copies task 1 until there are `count` finished ones. @throws Error when it is not finished, or its comment still waits */
export async function multiply(project: Project, count: number): Promise<Past> {
  const file = (number: number) => join(project.issues, issue(number).file);
  const text = await readFile(file(original), 'utf8');
  const numbers = Array.from({ length: count - 1 }, (_, index) => original + 1 + index);
  for (const number of numbers) {
    const { title, createdAt } = issue(number);
    const own = text.replace(issue(original).title, title).replace(issue(original).createdAt, createdAt);
    await writeFile(file(number), own.replace(body(original), body(number)));
  }
  const revisions = await withOwnServer({ state: project.state, server: undefined }, async (bus) => {
    const entries = await readOriginal(bus);
    for (let start = 0; start < numbers.length; start += atOnce) {
      await Promise.all(
        numbers.slice(start, start + atOnce).map((number) => copy(bus, project, entries, number)),
      );
    }
    return await Promise.all(buckets.map(({ stream }) => lastRevision(bus, stream)));
  });
  return { count, madeAt: Date.now(), revisions };
}

interface OriginalEntry {
  place: (typeof buckets)[number];
  /** What follows the task's id in the key. */
  suffix: string;
  entry: NewEntry;
  task: TaskRecord | undefined;
}

/** Every revision that is kept of task 1 and of what the outbox holds of it: a store of a year holds them all. */
async function readOriginal(bus: Bus): Promise<OriginalEntry[]> {
  const found: OriginalEntry[] = [];
  for (const place of buckets) {
    const subjects = [place.subject(`${original}`), place.subject(`${original}.>`)];
    const reading = readStream(bus.connection, {
      stream: place.stream,
      subjects,
      from: 'all',
      follow: false,
    });
    for await (const message of reading) {
      if (message === caughtUp) break;
      const isErased = message.headers?.get(operationHeader) === 'PURGE';
      const entry: NewEntry = isErased ? { erased: true } : { data: message.data };
      const task = place.name === taskBucket ? TaskRecord.parse(message.json()) : undefined;
      found.push({ place, suffix: place.key(message.subject).slice(`${original}`.length), entry, task });
    }
  }
  const isFinished = found.findLast(({ task }) => task)?.task?.state === 'done';
  const told = found.filter(({ suffix, entry }) => suffix === '.told' && 'data' in entry);
  const waiting = found.filter(({ suffix, entry }) => suffix !== '' && suffix !== '.told' && 'data' in entry);
  if (isFinished && told.length > 0 && waiting.length === 0) return found;
  throw new Error('task 1 is not finished, or what it has to tell still waits');
}

async function copy(
  bus: Bus,
  { issues }: Project,
  entries: readonly OriginalEntry[],
  number: number,
): Promise<void> {
  const { title, createdAt, file } = issue(number);
  const own = { id: `${number}`, number, title, body: body(number), createdAt, path: join(issues, file) };
  for (const { place, suffix, entry, task } of entries) {
    const record = task && JSON.stringify({ ...task, issue: { ...task.issue, ...own } });
    const data = record === undefined ? entry : { data: new TextEncoder().encode(record) };
    await putEntry(bus.connection, place, `${number}${suffix}`, data);
  }
}

/** What daemons have told and written of these tasks since they were made; nothing, where all is in line. */
export async function tracesOn(project: Project, { count, madeAt, revisions }: Past): Promise<Traces> {
  const isPast = (id: string | undefined) => id !== undefined && Number(id) <= count;
  const log = await readLog(project);
  const files = Array.from({ length: count }, (_, index) => join(project.issues, issue(index + 1).file));
  const times = await Promise.all(files.map(async (file) => (await stat(file)).mtimeMs));
  const records = await withOwnServer({ state: project.state, server: undefined }, async (bus) => {
    const found: string[] = [];
    for (const [index, { stream, subject, key }] of buckets.entries()) {
      const from = { sequence: (revisions[index] ?? 0) + 1 };
      const reading = readStream(bus.connection, {
        stream,
        subjects: [subject('>')],
        from,
        headersOnly: true,
        follow: false,
      });
      for await (const message of reading) {
        if (message === caughtUp) break;
        found.push(...key(message.subject).split('.').slice(0, 1));
      }
    }
    return found;
  });
  return {
    facts: log.filter(({ time, about }) => time >= madeAt && isPast(about)).length,
    records: records.filter(isPast).length,
    files: times.filter((time) => time > madeAt).length,
  };
}

const lastRevision = async ({ connection }: Bus, stream: string): Promise<number> =>
  (await connection.manager.streams.info(stream)).state.last_seq;
