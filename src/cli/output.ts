/** What commands print: JSON for programs, tables and sentences for people. */

import { safeJson } from '../terminal/safe-json.ts';

/** One JSON document on standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${safeJson(value, 2)}\n`);
}

export function printLine(line = ''): void {
  process.stdout.write(`${line}\n`);
}

export function printNotice(line: string): void {
  process.stderr.write(`${line}\n`);
}
