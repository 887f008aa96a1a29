/** What the chaos suite and the soak are called with; a wrong call ends the process with 64. */
import { randomInt } from 'node:crypto';
import { Command, InvalidArgumentError, Option } from 'commander';
import { allFaultKinds, type FaultKind, faultKinds } from './fault-plan.ts';

export interface FaultOptions {
  readonly seed: number;
  readonly faults: readonly FaultKind[];
  readonly json?: true;
  readonly keep?: true;
}

export interface ChaosOptions extends FaultOptions {
  readonly count: number;
}

/** About so many faults strike in a minute, recoveries and all. */
const faultsPerMinute = 9;

export function readOptions(args: readonly string[]): ChaosOptions {
  const options = faultCommand('test:chaos')
    .description(
      'Kills, stops, fills and corrupts the parts of a working orchestra, and looks whether it holds.',
    )
    .option('--count <number>', 'how many faults', wholeNumber)
    .option('--minutes <number>', 'about how long instead', positive, 3)
    .parse([...args], { from: 'user' })
    .opts<FaultOptions & { count?: number; minutes: number }>();
  return { ...options, count: options.count ?? Math.round(options.minutes * faultsPerMinute) };
}

/** A command with the options of all that let faults strike. */
export function faultCommand(name: string): Command {
  return new Command(`npm run ${name} --`)
    .addOption(
      new Option('--seed <number>', 'what all chance is drawn from')
        .argParser(wholeNumber)
        .default(randomInt(2 ** 31), 'a new one'),
    )
    .addOption(
      new Option('--faults <kind,kind>', `only these of ${allFaultKinds.join(', ')}`)
        .argParser(kinds)
        .default(allFaultKinds, 'all'),
    )
    .option('--json', 'prints the result as JSON')
    .option('--keep', 'leaves everything where it was')
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 64));
}

function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('give a whole number');
}

export function positive(text: string): number {
  if (Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('give a number above 0');
}

function kinds(text: string): FaultKind[] {
  const names = text.split(',');
  const known = names.filter((name): name is FaultKind => Object.hasOwn(faultKinds, name));
  if (known.length === names.length) return known;
  throw new InvalidArgumentError(`there are ${allFaultKinds.join(', ')}`);
}
