import { expect, test } from 'vitest';
import { comparable } from '../replay/comparable.ts';
import { coreSubject } from '../replay/core-subject.ts';
import { corpora, readCorpus } from '../replay/corpus.ts';
import { replay } from '../replay/replay.ts';

/** One scenario in so many: each mutant is put through them. */
const share = 8;

test.each(corpora)('the pure core does what OTP did in a sample of %s', async (name) => {
  const { recordings } = readCorpus(name);
  for (const { scenario, otp } of recordings.filter((_, index) => index % share === 0)) {
    const ours = comparable(scenario, await replay(scenario, coreSubject(scenario)));
    expect(ours, scenario.name).toEqual(comparable(scenario, otp));
  }
});
