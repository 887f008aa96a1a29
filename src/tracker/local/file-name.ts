/** Which file names hold issues and which issue each one holds; nothing here opens a file. */
import { IssueId } from '../tracker.ts';

/** The identity that a file name gives its issue. */
export interface FileNameIdentity {
  readonly id: string;
  readonly number?: number;
}

/** Markdown files are issues, but for README.md and hidden files. */
export function isIssueFileName(name: string): boolean {
  return /\.md$/i.test(name) && !name.startsWith('.') && !/^readme\.md$/i.test(name);
}

/**
 * `0012-some-title.md` and `12.md` are issue "12"; any other name of letters, digits, `_` and `-` is its own id.
 * Undefined where the name can be no id.
 */
export function identityOf(name: string): FileNameIdentity | undefined {
  const stem = name.replace(/\.md$/i, '');
  const digits = /^(\d{1,16})(?:-.*)?$/su.exec(stem)?.[1];
  if (digits !== undefined) return { id: withoutLeadingZeros(digits), number: Number(digits) };
  return IssueId.safeParse(stem).success ? { id: stem } : undefined;
}

/** Ids that people write as `0012` or `#12` mean issue "12". */
export function normalizeId(written: string): string {
  const id = written.trim().replace(/^#/, '');
  return /^\d+$/.test(id) ? withoutLeadingZeros(id) : id;
}

function withoutLeadingZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '');
}
