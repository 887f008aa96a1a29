/**
 * The chaos suite: exit 0 when every invariant held, 1 with each violation named when not, 64 for a wrong call.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { faultKinds, planFaults } from './fault-plan.ts';
import { prepareGround } from './ground.ts';
import { drawIssues } from './issues.ts';
import { type ChaosOptions, readOptions } from './options.ts';
import { printSummary, summaryOf } from './report.ts';
import { run } from './run.ts';

// Whatever ends us, the daemon is ended on the way out.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const print = (line: string): void => void process.stdout.write(`${line}\n`);

process.exitCode = await play(readOptions(process.argv.slice(2)));

async function play({ seed, count, faults: kinds, json, keep }: ChaosOptions): Promise<number> {
  const say = json ? () => undefined : print;
  const plan = planFaults({ seed, kinds, count, pause: [500, 2_500] });
  const issues = drawIssues(seed, Math.max(16, count));
  const ground = await prepareGround(issues, { smallDisk: kinds.includes('fill-disk') });
  say(`seed ${seed}, ${plan.length} faults, ${issues.length} issues, in ${ground.root}`);
  for (const { number, kind } of plan) say(`  ${number}. ${faultKinds[kind]}`);
  const result = await run(ground, plan, { print: say });
  const isFaultless = result.violations.length === 0;
  const summary = summaryOf(result, { seed, folder: ground.root });
  if (json) print(JSON.stringify(summary, undefined, 2));
  else printSummary(summary, `npm run test:chaos -- --count ${count} --faults ${kinds.join(',')}`);
  await writeFile(join(ground.root, 'result.json'), JSON.stringify(result, undefined, 1));
  if (isFaultless && !keep) {
    await ground.remove();
  } else {
    await ground.keep();
    say(`kept in ${ground.root}`);
  }
  return isFaultless ? 0 : 1;
}
