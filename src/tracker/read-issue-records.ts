/** Reads exported issues from a JSON or JSONL file; where they go is the importer's business. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { IssueRecord } from './issue-record.ts';
import { positionAt, positionOf } from './source-position.ts';
import type { Problem } from './tracker.ts';

/** An issue that was read, and where it stands. */
export interface RecordReading {
  readonly record: IssueRecord;
  readonly place: { readonly file: string; readonly line: number; readonly column: number };
}

/**
 * Every record in order, or what is wrong with it. A file holds one issue a line when its name ends in `.jsonl` or
 * `.ndjson`, and then it is streamed, or when its first line is an issue by itself; else it holds an array, or an object
 * with the array under `issues`. Rejects when it cannot be opened.
 */
export async function* readIssueRecords(file: string): AsyncGenerator<RecordReading | Problem> {
  if (/\.(?:jsonl|ndjson)$/i.test(file)) return yield* readLines(file, linesOf(file));
  const text = await readFile(file, 'utf8');
  if (beginsWithIssue(text)) yield* readLines(file, text.split('\n'));
  else yield* readArray(file, text);
}

function beginsWithIssue(text: string): boolean {
  const first = /\S.*/.exec(text)?.[0] ?? '';
  try {
    return IssueRecord.safeParse(JSON.parse(first)).success;
  } catch {
    return false;
  }
}

async function* readLines(
  file: string,
  lines: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<RecordReading | Problem> {
  let line = 0;
  for await (const text of lines) {
    line++;
    if (text.trim() === '') continue;
    const json = parseJson(file, text);
    if ('problem' in json) yield { ...json.problem, line };
    else
      yield* readRecord(json.value, { file, line, column: 1 }, `line ${line}`, () => positionIn(text, line));
  }
}

/** Node's readline does not pass on the errors of the stream it reads. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(file, 'utf8')) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  yield rest;
}

function* readArray(file: string, text: string): Generator<RecordReading | Problem> {
  const json = parseJson(file, text);
  if ('problem' in json) return yield json.problem;
  const isWrapped = typeof json.value === 'object' && json.value !== null && 'issues' in json.value;
  const records: unknown = isWrapped ? Object(json.value).issues : json.value;
  if (!Array.isArray(records)) {
    const remedy =
      'Write `[…]` or `{"issues": […]}`; a file with one issue a line needs a name ending in .jsonl.';
    return yield { file, line: 1, column: 1, message: 'holds no list of issues', remedy };
  }
  // JSON is YAML: the YAML parser knows where things stand, and is only asked when somebody needs to know.
  let positions: ((path: readonly PropertyKey[]) => { line: number; column: number }) | undefined;
  for (const [index, value] of records.entries()) {
    const prefix = isWrapped ? ['issues', index] : [index];
    yield* readRecord(value, { file, line: 1, column: 1 }, `record ${index + 1}`, () => {
      positions ??= positionIn(text, 1);
      const find = positions;
      return (path) => find([...prefix, ...path]);
    });
  }
}

function* readRecord(
  value: unknown,
  place: RecordReading['place'],
  name: string,
  positions: () => (path: readonly PropertyKey[]) => { line: number; column: number },
): Generator<RecordReading | Problem> {
  const parsed = IssueRecord.safeParse(value);
  if (parsed.success) return yield { record: parsed.data, place };
  const title = titleOf(value);
  for (const issue of parsed.error.issues) {
    const message = `${name}${title}: ${fieldOf(issue)} ${issue.message}`;
    yield { file: place.file, ...positions()(issue.path), message };
  }
}

function fieldOf(issue: z.core.$ZodIssue): string {
  return issue.path.length === 0 ? 'the issue' : issue.path.join('.');
}

function titleOf(value: unknown): string {
  const number: unknown =
    typeof value === 'object' && value !== null && 'number' in value ? value.number : undefined;
  return typeof number === 'number' ? ` (issue ${number})` : '';
}

function positionIn(source: string, firstLine: number) {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  return (path: readonly PropertyKey[]) => {
    const { line, column } = positionOf(document, lines, path);
    return { line: line + firstLine - 1, column };
  };
}

function parseJson(file: string, text: string): { value: unknown } | { problem: Problem } {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return { value };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const offset = Number(/at position (\d+)/.exec(message)?.[1] ?? text.length);
    const lines = new LineCounter();
    for (const newline of `\n${text}`.matchAll(/\n/g)) lines.addNewLine(newline.index);
    return { problem: { file, ...positionAt(lines, offset), message: `is not JSON: ${message}` } };
  }
}
