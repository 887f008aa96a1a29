/** One scenario, OTP's outcome and ours: whether they are the same, and what to say if they are not. */
import { isDeepStrictEqual } from 'node:util';
import { actorSubject } from '../replay/actor-subject.ts';
import { comparable } from '../replay/comparable.ts';
import { coreSubject } from '../replay/core-subject.ts';
import { replay, type Subject } from '../replay/replay.ts';
import type { Outcome, Scenario } from '../replay/scenario.ts';

const subjects: Record<string, (scenario: Scenario) => Subject> = {
  'the pure core': coreSubject,
  'the XState supervisor': actorSubject,
};

/** What one of ours did otherwise than OTP. */
export interface Mismatch {
  readonly subject: string;
  readonly scenario: Scenario;
  readonly otp: Outcome;
  /** Or what it threw. */
  readonly ours: Outcome | string;
}

/** Puts ours through the scenario, one after the other; null if both do what OTP did. */
export async function findMismatch(scenario: Scenario, otp: Outcome): Promise<Mismatch | null> {
  for (const [subject, make] of Object.entries(subjects)) {
    const ours = await replay(scenario, make(scenario)).catch((error: unknown) =>
      error instanceof Error ? String(error.stack) : String(error),
    );
    const isSame =
      typeof ours !== 'string' && isDeepStrictEqual(comparable(scenario, ours), comparable(scenario, otp));
    if (!isSame) return { subject, scenario, otp, ours };
  }
  return null;
}

/** For a person who looks for the cause. */
export function describeMismatch({ subject, scenario, otp, ours }: Mismatch): string {
  const lines = [`${subject} differs from OTP in this scenario:`, JSON.stringify(scenario), ''];
  if (typeof ours === 'string')
    return [...lines, 'OTP:', ...linesOf(otp), '', 'ours threw:', ours].join('\n');
  return [...lines, 'OTP:', ...linesOf(otp), '', 'ours:', ...linesOf(ours)].join('\n');
}

function linesOf({ init, results, final, trace }: Outcome): string[] {
  return [
    `  init    ${JSON.stringify(init)}`,
    ...results.map((result, index) => `  ${String(index + 1).padStart(6)}. ${JSON.stringify(result)}`),
    `  final   ${JSON.stringify(final)}`,
    ...trace.map((entry) => `  ${entry.join(' ')}`),
  ];
}
