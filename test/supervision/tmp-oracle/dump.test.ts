import { sample } from '/work/main/test/supervision/otp/random-scenario.ts';
import { test } from 'vitest';
import { writeFileSync } from 'node:fs';
test('x', () => { for (const k of ['bursts','nested'] as const) writeFileSync(`/tmp/ora/${k}.ndjson`, sample(k, 2500, 8).map(s=>JSON.stringify(s)+'\n').join(''))}, 600000);
