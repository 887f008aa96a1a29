/**
 * The soak: the faults of the chaos suite slowly, for hours, while memory, file descriptors, disk and event-loop delay
 * are watched for growth. Exit 0 when every invariant held and nothing grew beyond its bound, else 1; 64 for a wrong call.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { planFaults } from '../chaos/fault-plan.ts';
import { addIssues, prepareGround } from '../chaos/ground.ts';
import { drawIssues } from '../chaos/issues.ts';
import { printSummary, summaryOf } from '../chaos/report.ts';
import { run } from '../chaos/run.ts';
import { readOptions, type SoakOptions } from './options.ts';
import { findGrowth, printGrowth } from './report.ts';
import { watch } from './watch.ts';

/** A round through all kinds, or ten minutes, whichever is shorter, decides the pace: faults in an hour at the most. */
const longestPause = 60_000;
const issuesAtOnce = 6;

// Whatever ends us, the daemon is ended on the way out.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

process.exitCode = await soak(readOptions(process.argv.slice(2)));

async function soak({ seed, duration, faults: kinds, json, keep }: SoakOptions): Promise<number> {
  const write = (line: string): void => void process.stdout.write(`${line}\n`);
  const print = json ? () => undefined : write;
  const pause = Math.min(longestPause, duration / 20);
  const plan = planFaults({
    seed,
    kinds,
    count: Math.ceil((4 * duration) / pause),
    pause: [pause / 2, pause],
  });
  const issues = drawIssues(seed, 10_000);
  const smallDisk = kinds.includes('fill-disk');
  const ground = await prepareGround(issues.slice(0, issuesAtOnce), { smallDisk });
  print(
    `seed ${seed}, ${Math.round(duration / 60_000)} minutes, a fault each ${Math.round(pause / 1_000)} s or sooner, in ${ground.root}`,
  );
  const watching = watch(duration);
  const result = await run(ground, plan, {
    print,
    until: Date.now() + duration,
    onUp: (orchestra) => watching.begin(orchestra),
    beforeFault: async () => {
      const next = ground.issuesDrawn.length;
      await addIssues(ground, issues.slice(next, next + issuesAtOnce));
    },
  });
  const growth = findGrowth(watching.samples);
  const summary = summaryOf(result, { seed, folder: ground.root });
  if (json) {
    write(JSON.stringify({ ...summary, growth }, undefined, 2));
  } else {
    printSummary(summary, `npm run test:soak -- --minutes ${duration / 60_000}`);
    printGrowth(growth);
  }
  await writeFile(join(ground.root, 'samples.json'), JSON.stringify(watching.samples));
  const isSound = result.violations.length === 0 && growth.every(({ isTooMuch }) => !isTooMuch);
  if (isSound && !keep) {
    await ground.remove();
  } else {
    await ground.keep();
    print(`kept in ${ground.root}`);
  }
  return isSound ? 0 : 1;
}
