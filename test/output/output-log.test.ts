import { appendFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { markOutput, outputFile, tailOfLatestTry, tailOutput } from '../../src/output/output-log.ts';
import { tryEvidence } from '../../src/output/try-evidence.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orch-output-'));
  file = outputFile(join(folder, 'kaede'));
});
afterEach(() => rm(folder, { recursive: true }));

test('the last lines, across the change of files', async () => {
  markOutput(file, 'start', 'begun');
  await writeFile(`${file}.1`, 'one\r\ntwo\r\n');
  await writeFile(file, 'three\r\nfour');
  expect(await tailOutput(file, 3)).toEqual(['two', 'three', 'four']);
  expect(await tailOutput(file, 3, 'three\r\n'.length)).toEqual(['one', 'two', 'three']);
});

test('of a file that is not there, nothing', async () => {
  expect(await tailOutput(file, 3)).toEqual([]);
  expect(await tailOfLatestTry(file, 3)).toEqual([]);
});

test('only its owner reads it', async () => {
  markOutput(file, 'start', 'begun');
  expect((await stat(file)).mode & 0o077).toBe(0);
});

test('a try is what was printed from when the task was given to when the next program was started', async () => {
  markOutput(file, 'start', 'begun');
  markOutput(file, 'try', 'task 1');
  await appendFile(file, 'first try\r\n');
  markOutput(file, 'start', 'begun');
  markOutput(file, 'try', 'task 1');
  await appendFile(file, 'second try\r\n');
  expect(await tailOfLatestTry(file, 9)).toEqual(['second try']);
  markOutput(file, 'start', 'begun');
  await appendFile(file, 'another program\r\n');
  expect(await tailOfLatestTry(file, 9)).toEqual(['second try']);
  expect((await tailOutput(file, 99)).filter((line) => line.endsWith('task 1 ──'))).toHaveLength(2);
});

test('evidence names the attempt and the end, and keeps the last words within 4 kB', async () => {
  const end = 'its program ended (SIGSEGV)';
  const failed = { attempt: 2, maxAttempts: 3, end, output: file, closedRun: undefined };
  expect(await tryEvidence(failed)).toBe(`Attempt 2 of 3: ${end}. It printed nothing.`);
  expect(await tryEvidence({ ...failed, end: undefined })).toContain('how its program ended is not known');
  markOutput(file, 'try', 'task 1');
  await appendFile(
    file,
    `${'カエデ'.repeat(500)}\r\n`.repeat(200).concat('\u001B[31mthe last word\u001B[0m'),
  );
  const evidence = await tryEvidence(failed);
  expect(evidence.split('\n').at(-1)).toBe('the last word');
  expect(Buffer.byteLength(evidence)).toBeLessThan(4_096);
  expect(evidence).not.toContain('\u001B');
});
