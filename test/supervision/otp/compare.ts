/**
 * `npm run test:otp`: fresh random scenarios, played by real OTP on this machine and by both of ours. Options:
 * `--seed N` for the scenarios of an earlier run, `--count N` for how many, `--only kind/index` for one of them.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { SetUpProblem } from '../../../src/setup/set-up-problem.mjs';
import type { Scenario } from '../replay/scenario.ts';
import { ensureErlang } from './erlang.ts';
import { describeMismatch, findMismatch, type Mismatch } from './mismatch.ts';
import { Oracle } from './oracle.ts';
import { type Kind, kinds, sample, scenario, seedOf } from './random-scenario.ts';

/** Scenarios that are under way in the oracle while ours are played. */
const inFlight = 200;

interface Run {
  readonly seed: number;
  readonly count: number;
  /** The one scenario to play, or all. */
  readonly only: { readonly kind: Kind; readonly index: number } | null;
}

const say = (line: string): boolean => process.stderr.write(`${line}\n`);

/** The run that the command line asks for. @throws RangeError if it makes no sense */
function readRun(): Run {
  const { values } = parseArgs({
    options: { seed: { type: 'string' }, count: { type: 'string' }, only: { type: 'string' } },
  });
  const [, kind, index] = /^(\w+)\/(\d+)$/.exec(values.only ?? '') ?? [];
  const known = kinds.find((one) => one === kind);
  if (values.only !== undefined && !known) {
    throw new RangeError(`--only takes one of ${kinds.join(', ')}, a slash and a number`);
  }
  return {
    seed: naturalNumber('seed', values.seed ?? String(randomInt(2 ** 28))),
    count: naturalNumber('count', values.count ?? '6000'),
    only: known ? { kind: known, index: Number(index) } : null,
  };
}

function naturalNumber(name: string, text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number < 2 ** 28) return number;
  throw new RangeError(`--${name} takes a whole number below ${2 ** 28}`);
}

/** All scenarios of a run. */
function* scenariosOf({ seed, count, only }: Run): Generator<{ kind: Kind; index: number; drawn: Scenario }> {
  for (const [place, kind] of kinds.entries()) {
    if (only && only.kind !== kind) continue;
    const share = Math.floor((count + place) / kinds.length);
    for (const [index, drawn] of sample(kind, only ? only.index + 1 : share, seed).entries()) {
      if (!only || only.index === index) yield { kind, index, drawn };
    }
  }
}

async function compare(run: Run, oracle: Oracle): Promise<boolean> {
  const version = await oracle.version;
  say(`OTP ${version}, seed ${run.seed}`);
  const begun = performance.now();
  let played = 0;
  const pending: { kind: Kind; index: number; mismatch: () => Promise<Mismatch | null> }[] = [];

  async function judgeNext(): Promise<boolean> {
    const next = pending.shift();
    if (!next) return true;
    const mismatch = await next.mismatch();
    played += 1;
    if (played % 1000 === 0) say(`${played} scenarios`);
    if (mismatch) await explain(mismatch, next, run.seed, oracle);
    return mismatch === null;
  }

  for (const { kind, index, drawn } of scenariosOf(run)) {
    const answer = oracle.ask(drawn);
    answer.catch(() => undefined);
    pending.push({ kind, index, mismatch: async () => findMismatch(drawn, await answer) });
    if (pending.length >= inFlight && !(await judgeNext())) return false;
  }
  while (pending.length > 0) if (!(await judgeNext())) return false;
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  process.stdout.write(
    `${played} scenarios, 0 mismatches, seed ${run.seed}, OTP ${version}, ${seconds} s; each played by OTP, by the pure core and by the XState supervisor\n`,
  );
  return true;
}

/** Looks for the smallest scenario that still differs, and shows it. */
async function explain(
  mismatch: Mismatch,
  { kind, index }: { kind: Kind; index: number },
  seed: number,
  oracle: Oracle,
): Promise<void> {
  say(`Scenario ${kind}/${index} differs; looking for a smaller one.`);
  let smallest = mismatch;
  const agrees = fc.asyncProperty(scenario(kind), async (drawn) => {
    const found = await findMismatch(drawn, await oracle.ask(drawn));
    if (found) smallest = found;
    return found === null;
  });
  const again = await fc.check(agrees, { seed: seedOf(kind, seed), path: String(index), numRuns: 1 });
  if (!again.failed) say('Played again it did not differ: someone depends on a race.');
  process.stdout.write(
    `${describeMismatch(smallest)}\n\nAgain: npm run test:otp -- --seed ${seed} --only ${kind}/${index}\n`,
  );
}

async function main(): Promise<void> {
  const run = readRun();
  await ensureErlang(say);
  const oracle = new Oracle();
  try {
    if (!(await compare(run, oracle))) process.exitCode = 1;
  } finally {
    oracle.end();
  }
}

try {
  await main();
} catch (error) {
  if (error instanceof SetUpProblem) {
    if (error.details) say(error.details.trimEnd());
    say(error.message);
    process.exitCode = error.exitCode;
  } else if (error instanceof RangeError || (error instanceof TypeError && 'code' in error)) {
    say(error.message);
    process.exitCode = 64;
  } else {
    throw error;
  }
}
