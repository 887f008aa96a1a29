/** A broken invariant, and by what it is seen. */

export interface Violation {
  readonly invariant: string;
  readonly evidence: string;
}

/** The same invariant for each piece of evidence. */
export const violations = (invariant: string, evidence: readonly string[]): Violation[] =>
  evidence.map((sentence) => ({ invariant, evidence: sentence }));
