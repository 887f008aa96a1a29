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
const recorded = corpora.map((name) => ({ name, ...readCorpus(name) }));
const total = recorded.reduce((sum, { recordings }) => sum + recordings.length, 0);

describe.each(subjects)(`%s does what OTP did in ${total} scenarios:`, (_, subjectOf) => {
  test.each(recorded)('$provenance.scenarios $name, OTP $provenance.otp', async (corpus) => {
    expect(corpus.recordings).toHaveLength(corpus.provenance.scenarios);
    for (const { scenario, otp } of corpus.recordings) {
      const ours = comparable(scenario, await replay(scenario, subjectOf(scenario)));
      expect(ours, scenario.name).toEqual(comparable(scenario, otp));
    }
  });
});

test('the corpora hold at least 5,000 scenarios', () => {
  expect(total).toBeGreaterThanOrEqual(5000);
});
