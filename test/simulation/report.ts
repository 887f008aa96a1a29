/** What a simulation came to, in figures and for people. */
import { invariants } from './invariants/violation.ts';
import type { Simulation } from './simulation.ts';

export interface SimulationReport {
  seed: number;
  days: number;
  agents: number;
  issuesPerDay: number;
  steps: number;
  /** Real seconds. */
  seconds: number;
  /** Of all that was told; the same for the same seed. */
  digest: string;
  issues: number;
  completed: number;
  failed: number;
  messages: { written: number; delivered: number; dead: number };
  availability: number;
  /** Share of the agents' time in which one worked. */
  utilisation: number;
  /** On average, and at most, of tasks that waited. */
  waiting: { mean: number; most: number };
  daemons: number;
  givenUp: number;
  faults: Record<string, { times: number; harmful: number; recovery: Recovery }>;
  recovery: Recovery;
  violation?: { invariant: string; meaning: string; day: number; what: string };
}

/** In seconds. */
export interface Recovery {
  mean: number;
  p50: number;
  p99: number;
  max: number;
}

const day = 24 * 3_600_000;

/** `seconds` is how long it took in real time. */
export function reportOf(simulation: Simulation, seconds: number): SimulationReport {
  const { options, time, people, tasks, messages, outside, health, violation } = simulation;
  const { seed, agents, issuesPerDay } = options;
  const days = time.elapsed / day;
  const minutes = time.elapsed / 60_000;
  const all: number[] = [];
  const faults = [...simulation.faults].map(([kind, times]) => {
    const recoveries = health.recoveries.get(kind) ?? [];
    all.push(...recoveries);
    return [kind, { times, harmful: recoveries.length, recovery: recoveryOf(recoveries) }];
  });
  return {
    seed,
    days: round(days, 2),
    agents,
    issuesPerDay,
    steps: time.steps,
    seconds: round(seconds, 1),
    digest: simulation.digest,
    issues: people.issues,
    completed: tasks.completed,
    failed: tasks.failed,
    messages: { written: outside.messages, delivered: messages.delivered, dead: messages.deadLetters },
    availability: round(health.availability, 6),
    utilisation: round(simulation.agentMinutes / (minutes * agents), 4),
    waiting: { mean: round(simulation.waitingMinutes / minutes, 2), most: simulation.mostWaiting },
    daemons: simulation.daemons,
    givenUp: simulation.givenUp,
    faults: Object.fromEntries(faults),
    recovery: recoveryOf(all),
    ...(violation && {
      violation: {
        invariant: violation.invariant,
        meaning: invariants[violation.invariant],
        day: round(violation.at / day, 6),
        what: violation.message,
      },
    }),
  };
}

function recoveryOf(milliseconds: readonly number[]): Recovery {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) / 1000;
  const mean = sorted.reduce((sum, each) => sum + each, 0) / Math.max(sorted.length, 1) / 1000;
  return { mean: round(mean, 2), p50: round(at(0.5), 2), p99: round(at(0.99), 2), max: round(at(1), 2) };
}

export function reportText(report: SimulationReport): string {
  const { seed, days, completed, issues, failed, messages, waiting, recovery, violation } = report;
  const percent = (share: number, digits: number) => `${(share * 100).toFixed(digits)} %`;
  const lines = [
    `seed ${seed}: ${days} days with ${report.agents} agents in ${report.seconds} s, ${report.steps} steps, digest ${report.digest}`,
    `issues        ${issues} filed, ${completed} done (${round(completed / days, 1)} a day), ${failed} times out of attempts`,
    `messages      ${messages.written} written, ${messages.delivered} delivered, ${messages.dead} dead letters`,
    `availability  ${percent(report.availability, 3)}`,
    `recovery      mean ${recovery.mean} s, p50 ${recovery.p50} s, p99 ${recovery.p99} s, max ${recovery.max} s`,
    `utilisation   ${percent(report.utilisation, 1)} of the agents' time; ${waiting.mean} tasks waited on average, ${waiting.most} at most`,
    `daemons       ${report.daemons}, of which ${report.givenUp} gave up`,
    'faults',
    ...Object.entries(report.faults)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([kind, { times, harmful, recovery: each }]) => {
        const harm =
          harmful === 0
            ? 'never noticed'
            : `${harmful} noticed, mean ${each.mean} s, p99 ${each.p99} s, max ${each.max} s`;
        return `  ${kind.padEnd(22)} ${String(times).padStart(6)}  ${harm}`;
      }),
  ];
  if (violation)
    lines.push(
      '',
      `BROKEN on day ${violation.day}: ${violation.what}`,
      `  ${violation.meaning}`,
      `  npm run sim -- --seed ${seed} --agents ${report.agents} --issues-per-day ${report.issuesPerDay} --days ${Math.ceil(days)} --trace ${round(violation.day - 0.02, 4)}..${round(violation.day + 0.001, 4)}`,
    );
  return lines.join('\n');
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** Real milliseconds; `process.hrtime` is not the simulation's. */
export const realNow = (): number => Number(process.hrtime.bigint()) / 1e6;
