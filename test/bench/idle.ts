/**
 * Idle: processor time and memory of the daemon, its nats-server and its tmux over 20 s without work. The agents are
 * task programs that never start, so that only our own processes count.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { startIdle } from './idle-agents.ts';
import { cpuTime, findProcess, memory } from './process-usage.ts';
import { printTable } from './table.ts';

const counts = [4, 20];
/** What the start left to do is over after so long, in ms. */
const settling = 5_000;
const watched = 20_000;

export async function idle(): Promise<void> {
  const rows: string[][] = [];
  for (const count of counts) rows.push(...(await measure(count)));
  const head = ['', '% of a core', 'RSS MiB', 'PSS MiB'];
  printTable(`idle for ${watched / 1_000} s`, head, rows);
}

async function measure(count: number): Promise<string[][]> {
  const agent = { roles: ['codegen'], adapter: 'command', mode: 'task', command: ['true'] };
  const names = Array.from({ length: count }, (_, index) => `agent-${index + 1}`);
  const orchestra = await startIdle(Object.fromEntries(names.map((name) => [name, agent])));
  try {
    const { root } = orchestra.project;
    const processes: Record<string, number> = {
      daemon: orchestra.daemon.pid,
      'nats-server': findProcess('nats-server', root),
      'tmux server': findProcess('tmux: server', root),
    };
    await delay(settling);
    const before = new Map(Object.values(processes).map((pid) => [pid, cpuTime(pid)]));
    const begun = performance.now();
    await delay(watched);
    const elapsed = performance.now() - begun;
    return Object.entries(processes).map(([name, pid]) => {
      const share = (100 * (cpuTime(pid) - (before.get(pid) ?? 0))) / elapsed;
      const { rss, pss } = memory(pid);
      return [`${count} agents: ${name}`, share.toFixed(2), rss.toFixed(1), pss?.toFixed(1) ?? 'unreadable'];
    });
  } finally {
    await orchestra.end();
  }
}
