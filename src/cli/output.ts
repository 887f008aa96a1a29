/** What commands print: JSON for programs, tables and sentences for people. */

import { plainLines } from '../terminal/plain-text.ts';
import { safeJson } from '../terminal/safe-json.ts';

/** One JSON document on standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${safeJson(value, 2)}\n`);
}

/** How wide standard output is where a person sees it; undefined where it is read on, and must be whole. */
export function outputColumns(): number | undefined {
  return process.stdout.isTTY ? process.stdout.columns : undefined;
}

export function printLine(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** For people, beside what was asked for; whatever it quotes cannot act on their terminal. */
export function printNotice(lines: string): void {
  process.stderr.write(`${plainLines(lines)}\n`);
}
