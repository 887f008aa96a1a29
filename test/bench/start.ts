/** Start: from `orchestra up` on a fresh project to four idle agents, as its own lines tell; with two kinds of agents. */
import { startIdle } from './idle-agents.ts';
import { median } from './percentiles.ts';
import { printTable } from './table.ts';

const rounds = 5;
const names = ['kaede', 'sakura', 'tsubaki', 'botan'];

const kinds: Record<string, object> = {
  'sample agents (a Node program each)': { roles: ['codegen'], adapter: 'sample', pace: 0 },
  'command agents, mode task (no program until there is a task)': {
    roles: ['codegen'],
    adapter: 'command',
    mode: 'task',
    command: ['true'],
  },
};

export async function start(): Promise<void> {
  const rows: string[][] = [];
  for (const [kind, agent] of Object.entries(kinds)) {
    const took: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const orchestra = await startIdle(Object.fromEntries(names.map((name) => [name, agent])));
      took.push(orchestra.took);
      await orchestra.end();
    }
    rows.push([kind, `${Math.round(median(took))} ms`, took.map(Math.round).join(', ')]);
  }
  printTable('orchestra up → four agents idle', ['', `median of ${rounds}`, 'all, in ms'], rows);
}
