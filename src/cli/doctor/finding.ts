/** What one examination of `orchestra doctor` says. */
import type { Orphan } from '../../orphans/orphan.ts';

export interface Finding {
  verdict: 'ok' | 'warning' | 'problem';
  what: string;
  detail: string;
  /** The same for programs, where it is one. */
  orphan?: Orphan;
}

export const finding = (verdict: Finding['verdict'], what: string, detail: string): Finding => ({
  verdict,
  what,
  detail,
});
