/** Runs the benchmarks named on the command line, or all: each measures and prints, none asserts anything. */
import { adoption } from './adoption.ts';
import { bus } from './bus.ts';
import { idle } from './idle.ts';
import { inspect } from './inspect.ts';
import { recovery } from './recovery.ts';
import { start } from './start.ts';
import { supervision } from './supervision.ts';
import { year } from './year.ts';

const benchmarks: Record<string, () => Promise<void>> = {
  recovery,
  adoption,
  start,
  idle,
  bus,
  inspect,
  supervision,
  year,
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(benchmarks, name));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no benchmark ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}.\n`,
  );
  process.exitCode = 64;
} else {
  for (const [name, run] of Object.entries(benchmarks))
    if (names.length === 0 || names.includes(name)) await run();
}
