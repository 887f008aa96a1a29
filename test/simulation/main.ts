/** `npm run sim`: simulates an orchestra from a seed, and says what it came to; exit status 1 when an invariant was broken. */
import { randomInt } from 'node:crypto';
import { Command, InvalidArgumentError } from 'commander';
import { realNow, reportOf, reportText, type SimulationReport } from './report.ts';
import { isSabotage, type Sabotage, sabotages } from './sabotage.ts';
import { Simulation } from './simulation.ts';

interface Options {
  seed?: number;
  days: number;
  agents: number;
  issuesPerDay: number;
  json?: boolean;
  trace?: { from: number; to: number };
  untilFailure?: boolean;
  sabotage?: Sabotage;
}

const day = 24 * 3_600_000;

const program = new Command('sim')
  .description(
    'Simulates days of an orchestra in seconds, with faults throughout, and checks what must always hold.',
  )
  .option('--seed <number>', 'what all chance is drawn from; by default a new one', count)
  .option('--days <number>', 'how long, in simulated days', number, 7)
  .option('--agents <number>', 'how many agents', count, 8)
  .option('--issues-per-day <number>', 'how many issues people file on average', number, 50)
  .option('--json', 'prints the report as JSON')
  .option('--trace <from..to>', 'prints all that is told between two days, such as 2.5..2.6', span)
  .option('--until-failure', 'goes on with new seeds until an invariant is broken')
  .option('--sabotage <name>', `puts a fault in on purpose: ${Object.keys(sabotages).join(', ')}`, sabotage);

program.parse();
const options = program.opts<Options>();

for (let seed = options.seed ?? randomInt(2 ** 31); ; seed = randomInt(2 ** 31)) {
  const report = await simulate(seed);
  process.stdout.write(`${options.json ? JSON.stringify(report, null, 2) : reportText(report)}\n`);
  if (report.violation) process.exitCode = 1;
  if (report.violation || !options.untilFailure) break;
}

async function simulate(seed: number): Promise<SimulationReport> {
  const { days, agents, issuesPerDay, trace, sabotage } = options;
  const begun = realNow();
  const simulation = new Simulation({
    seed,
    days,
    agents,
    issuesPerDay,
    sabotage,
    onFact: trace && ((at, name, about, body) => tell(trace, at, name, about, body)),
    onDay: process.stderr.isTTY ? showProgress : undefined,
  });
  try {
    await simulation.run();
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    return reportOf(simulation, (realNow() - begun) / 1000);
  } finally {
    simulation.end();
  }
}

function showProgress({ time, options: { days, seed }, tasks }: Simulation): void {
  const today = Math.round(time.elapsed / day);
  process.stderr.write(`\r\u001b[Kseed ${seed}: day ${today} of ${days}, ${tasks.completed} issues done`);
}

function tell(
  { from, to }: { from: number; to: number },
  at: number,
  name: string,
  about: string,
  body: object,
): void {
  const days = at / day;
  if (days >= from && days <= to)
    process.stdout.write(`${days.toFixed(7)} ${name} ${about} ${JSON.stringify(body)}\n`);
}

function number(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('It has to be a number above 0.');
  return value;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError('It has to be a whole number.');
  return value;
}

function span(text: string): { from: number; to: number } {
  const [from, to] = text.split('..').map(Number);
  if (from === undefined || to === undefined || !(from <= to))
    throw new InvalidArgumentError('It has to be two days, such as 2.5..2.6.');
  return { from, to };
}

function sabotage(text: string): Sabotage {
  if (isSabotage(text)) return text;
  throw new InvalidArgumentError(`It has to be one of ${Object.keys(sabotages).join(', ')}.`);
}
