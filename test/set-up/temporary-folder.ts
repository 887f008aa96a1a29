/** Folders and programs for one test, removed when it is over. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'orchestra-set-up-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A program that answers every call with one line. */
export function writeProgram(file: string, answer: string): string {
  return (
    writeFiles(
      dirname(file),
      { [file.slice(dirname(file).length + 1)]: `#!/bin/sh\necho '${answer}'\n` },
      0o755,
    ) && file
  );
}

export function writeFiles(folder: string, files: Record<string, string>, mode = 0o644): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text, { mode });
  }
  return folder;
}
