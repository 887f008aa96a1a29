/** Reads what real OTP did in thousands of random scenarios; `npm run otp:record` wrote it. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { Outcome, Scenario } from './scenario.ts';

/** The corpora, each named after the kind of scenario it holds. */
export const corpora = ['flat', 'bursts', 'nested'] as const;

/** A scenario and what OTP made of it. */
const Recording = z.object({ scenario: Scenario, otp: Outcome });
export type Recording = z.infer<typeof Recording>;

/** How a corpus came about. */
const Provenance = z.object({ otp: z.string(), seed: z.number(), scenarios: z.number() });
export type Provenance = z.infer<typeof Provenance>;

/** A corpus: gzipped lines of JSON, first its provenance, then one recording a line. */
export interface Corpus {
  readonly provenance: Provenance;
  readonly recordings: readonly Recording[];
}

/** All of a corpus. */
export function readCorpus(name: (typeof corpora)[number]): Corpus {
  const file = new URL(`../corpus/${name}.ndjson.gz`, import.meta.url);
  const text = gunzipSync(readFileSync(file)).toString('utf8');
  const [first = '', ...others] = text.trimEnd().split('\n');
  return {
    provenance: Provenance.parse(JSON.parse(first)),
    recordings: others.map((line) => Recording.parse(JSON.parse(line))),
  };
}
