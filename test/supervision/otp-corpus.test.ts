import { describe, expect, test } from 'vitest';
import { actorSubject } from './actor-subject.ts';
import { comparable } from './comparable.ts';
import { coreSubject } from './core-subject.ts';
import { readCorpus, type Scenario } from './corpus.ts';
import { replay, type Subject } from './replay.ts';

const subjects: [name: string, make: (scenario: Scenario) => Subject][] = [
  ['the pure core', coreSubject],
  ['the XState supervisor', actorSubject],
];
const corpora: [name: string, scenarios: number][] = [
  ['traces', 2000],
  ['traces-bursts', 1000],
];

describe.each(subjects)('%s does what OTP 25 did', (_, subjectOf) => {
  test.each(corpora)('in %s, %i scenarios', async (name, scenarios) => {
    const recordings = readCorpus(name);
    expect(recordings).toHaveLength(scenarios);
    for (const { scenario, otp } of recordings) {
      const ours = comparable(scenario, await replay(scenario, subjectOf(scenario)));
      expect(ours, scenario.name).toEqual(comparable(scenario, otp));
    }
  });
});
