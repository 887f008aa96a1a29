/** What redaction costs on text that was made to make it dear: quadratic patterns would take hours here, linear ones moments. */
import { createContext, Script } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redactText } from '../../src/inspection/redaction.ts';
import { safeCopy } from '../../src/inspection/safe-copy.ts';

/** Characters of one text: half a million steps if each is passed a few times, 100,000 millions if each leads to the end. */
const length = 400_000;
/** Milliseconds for one text, a thousand times what it takes: this only ends what hangs. */
const hang = 20_000;

/** Runs it where V8 ends it, also in the middle of a pattern. */
const redactBounded = (text: string): unknown =>
  new Script('redact(text)').runInContext(createContext({ redact: redactText, text }), { timeout: hang });

const pieces = [
  ...[
    ' ',
    '\n',
    '\t',
    '"',
    "'",
    '`',
    '\\',
    '\\"',
    "\\\\'",
    '=',
    ':',
    '=>',
    ',',
    ';',
    '&',
    '/',
    '//',
    '@',
    '.',
    '-',
    '--',
  ],
  ...['[', '{', ']', '}', '[redacted]', 'a', 'A', '7', '_', 'é'],
  ...[
    '--secret',
    '--secret ',
    '-u ',
    '-u',
    '--user',
    '--user=',
    'key',
    'key=',
    'key={',
    'key="',
    "key='",
    '"key":"',
  ],
  ...[
    'password',
    'token: ',
    'token: 7',
    'Cookie:',
    'Authorization: ',
    '","value":',
    'DB_PASS',
    'env=',
    'env={',
    'token=7 ',
    '--user=a ',
    'aB',
    'AAb',
  ],
  ...[
    'https://',
    'a//',
    'u:p@',
    ':\\/\\/',
    'bearer',
    'bearer ',
    'basic\t',
    'SU',
    'SUA',
    'eyJ',
    '-eyJ',
    'eyJabcde.',
  ],
  ...['-----BEGIN ', 'PRIVATE KEY', '-----', '-----END ', '-----BEGIN PRIVATE KEY-----'],
  ...[
    'ghp_',
    'github_pat_',
    'glpat-',
    'xox',
    'xoxb-',
    'xapp-',
    'AKIA',
    'AIza',
    'sk-',
    'sk-ant-',
    'hf_',
    'npm_',
    'pypi-',
    'dop_v1_',
  ],
];

const repeated = (period: string): string => period.repeat(Math.ceil(length / period.length));

test.each(pieces)(
  '%j again and again is searched in one go',
  (piece) => {
    redactBounded(repeated(piece));
    redactBounded(`key='${repeated(piece)}!`);
  },
  60_000,
);

test('so is any mixture of them', () => {
  const period = fc
    .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 5 })
    .map((each) => each.join(''));
  fc.assert(
    fc.property(period, period, period, (begin, middle, end) => {
      redactBounded(`${begin}${repeated(middle)}${end}`);
      redactBounded(`${repeated(begin).slice(0, length / 2)}${repeated(middle).slice(0, length / 2)}`);
    }),
    { numRuns: 40 },
  );
}, 60_000);

test('what an agent may write at most costs nothing worth mentioning, also in names', () => {
  const note = '--secret'.repeat(1_024);
  const copy = safeCopy({
    note,
    notes: Array.from({ length: 50 }, (_, index) => `${index}${note}`),
    [note]: 1,
  });
  expect(JSON.stringify(copy).length).toBeLessThan(100_000);
});
