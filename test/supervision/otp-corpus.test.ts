import { describe, expect, test } from 'vitest';
import { actorSubject } from './replay/actor-subject.ts';
import { comparable } from './replay/comparable.ts';
import { coreSubject } from './replay/core-subject.ts';
import { corpora, readCorpus } from './replay/corpus.ts';
import { replay, type Subject } from './replay/replay.ts';
import type { Scenario } from './replay/scenario.ts';

const subjects: [name: string, make: (scenario: Scenario) => Subject][] = [
  ['the pure core', coreSubject],
  ['the XState supervisor', actorSubject],
];
/** Thousands of scenarios take long on a loaded machine: this only ends what hangs. */
const timeout = 600_000;

const recorded = corpora.map((name) => {
  const { provenance, recordings } = readCorpus(name);
  return [provenance.scenarios, name, provenance.otp, recordings] as const;
});
const total = recorded.reduce((sum, [, , , recordings]) => sum + recordings.length, 0);

describe.each(subjects)(`%s does what OTP did in ${total} scenarios:`, (_, subjectOf) => {
  test.each(recorded)(
    '%i %s, recorded from OTP %s',
    async (scenarios, _name, _otp, recordings) => {
      expect(recordings).toHaveLength(scenarios);
      for (const { scenario, otp } of recordings) {
        const ours = comparable(scenario, await replay(scenario, subjectOf(scenario)));
        expect(ours, scenario.name).toEqual(comparable(scenario, otp));
      }
    },
    timeout,
  );
});

test('the corpora hold at least 5,000 scenarios', () => {
  expect(total).toBeGreaterThanOrEqual(5000);
});
