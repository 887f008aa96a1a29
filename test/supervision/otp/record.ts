/** `npm run otp:record`: makes the corpora anew, each from its seed, by asking real OTP on this machine. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, gzipSync } from 'node:zlib';
import { packageRoot } from '../../../src/package/package-root.ts';
import type { Provenance } from '../replay/corpus.ts';
import { ensureErlang } from './erlang.ts';
import { Oracle } from './oracle.ts';
import { type Kind, kinds, sample } from './random-scenario.ts';

const seed = 2026;

const scenarios: Record<Kind, number> = { flat: 1500, bursts: 3000, nested: 2500 };

await ensureErlang((line) => process.stderr.write(`${line}\n`));
const oracle = new Oracle();
const otp = await oracle.version;
for (const kind of kinds) {
  const provenance: Provenance = { otp, seed, scenarios: scenarios[kind] };
  const lines = [JSON.stringify(provenance)];
  for (const scenario of sample(kind, scenarios[kind], seed)) {
    lines.push(JSON.stringify({ scenario, otp: await oracle.ask(scenario) }));
  }
  const file = join(packageRoot, 'test', 'supervision', 'corpus', `${kind}.ndjson.gz`);
  const zipped = gzipSync(`${lines.join('\n')}\n`, { level: constants.Z_BEST_COMPRESSION });
  writeFileSync(file, zipped);
  process.stdout.write(`${kind}: ${scenarios[kind]} scenarios by OTP ${otp}, ${zipped.length} bytes\n`);
}
oracle.end();
