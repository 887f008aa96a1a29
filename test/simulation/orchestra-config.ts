/** The configuration of the simulated orchestra: the product's schema, with leases and looks as coarse as a year needs. */
import { Config } from '../../src/config/config.ts';
import type { Sabotage } from './sabotage.ts';

const stages = ['codegen', 'review', 'pr', 'deploy'];

/**
 * Every agent takes two stages. Half of them keep running, half are started for each task. Leases last 45 minutes and the
 * watchdog waits 45, as a renewal and a look each cost what they cost, and there are half a million minutes in a year.
 */
export function orchestraConfig(agents: number, sabotage: Sabotage | undefined): Config {
  const team = Array.from({ length: agents }, (_, index) => [
    `agent-${index + 1}`,
    {
      adapter: 'command',
      command: ['agent'],
      mode: index % 2 === 0 ? 'task' : 'kept',
      ready: 'report',
      accept: 'report',
      roles: [stages[index % stages.length], stages[(index + 1) % stages.length]],
    },
  ]);
  const minute = 60_000;
  return Config.parse({
    agents: Object.fromEntries(team),
    flow: stages.filter((stage) => team.some(([, agent]) => isOf(agent, stage))),
    scheduler: { lease: 45 * minute, tick: 10 * minute },
    watchdog: { stall: sabotage === 'watchdog' ? 2 ** 30 : 45 * minute, step: 5 * minute, tool: 40 * minute },
    shutdown: { panes: 'keep' },
    sweep: { interval: 60 * minute },
    processes: { cgroup: 'off' },
    log: { level: 'error' },
  });
}

const isOf = (agent: unknown, stage: string): boolean => JSON.stringify(agent).includes(`"${stage}"`);
