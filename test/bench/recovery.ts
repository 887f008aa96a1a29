/**
 * Recovery: from `kill -9` of an agent's program to the first act of the program that takes its place, seen from outside
 * by inotify. Beside it, on the same machine and in one run: the floor (a closing window is noticed and `respawn-pane`
 * is sent, over one control client, nothing else), and watchdogs that look at all panes every 50 ms and every 10 s.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { markVariable } from '../../src/agents/agent-place.ts';
import type { Fact, FactName } from '../../src/events/facts.ts';
import { findMarkedProcesses } from '../../src/processes/marked-processes.ts';
import { listProcesses } from '../../src/processes/process-table.ts';
import { Announcements } from './announcements.ts';
import { startDaemonProcess } from './daemon-process.ts';
import { percentile } from './percentiles.ts';
import { createKeptProject } from './project.ts';
import { BareTmux } from './recovery-floor.ts';
import { recoveryByKind } from './recovery-kinds.ts';
import { killAgainAndAgain, type Recovery } from './recovery-samples.ts';
import { readStoredFacts } from './stored-facts.ts';
import { milliseconds, printTable } from './table.ts';

const kills = 60;
/** A poll every 10 s takes its time; phases are spread evenly, so few samples show its range. */
const slowKills = 5;

/**
 * How long the daemon is left alone between two kills, in ms: its supervisor has then forgotten the last crash (after
 * `restart.period`, here 1 s). Sooner, and it waits 4, 16, 64 … ms by design.
 */
const calm = () => delay(1_200 + Math.random() * 200);

export async function recovery(): Promise<void> {
  const bare = await measureBare();
  const daemon = await measureDaemon();
  const floor = percentile(
    bare.floor.map(({ took }) => took),
    50,
  );
  const row = (name: string, recoveries: readonly Recovery[]) => {
    const took = recoveries.map((recovery) => recovery.took);
    const p50 = percentile(took, 50);
    return [
      name,
      took.length,
      milliseconds(p50),
      milliseconds(percentile(took, 99)),
      (p50 / floor).toFixed(2),
    ];
  };
  printTable(
    `recovery after kill -9`,
    ['', 'kills', 'p50', 'p99', 'p50 ÷ floor'],
    [
      row('floor: window-close + respawn-pane', bare.floor),
      row('orchestra', daemon.recoveries),
      row('watchdog, list-panes every 50 ms', bare.fast),
      row('watchdog, list-panes every 10 s', bare.slow),
    ],
  );
  printTable('where the time goes in the daemon, by its facts (to 1 ms)', ['', 'p50', 'p99'], phases(daemon));
  await printScan();
  await recoveryByKind();
}

async function measureBare() {
  const folder = await mkdtemp(join(tmpdir(), 'ob-'));
  const announcements = await Announcements.open(join(folder, 'runs'));
  const tmux = new BareTmux(folder, announcements);
  try {
    const floor = await tmux.closingWindow(kills);
    const fast = await tmux.poll(50, kills);
    return { floor, fast, slow: await tmux.poll(10_000, slowKills) };
  } finally {
    await tmux.close();
    announcements.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface DaemonMeasured {
  recoveries: Recovery[];
  facts: Fact[];
}

async function measureDaemon(): Promise<DaemonMeasured> {
  const runs = await mkdtemp(join(tmpdir(), 'ob-'));
  const announcements = await Announcements.open(runs);
  const project = await createKeptProject(announcements);
  try {
    const first = announcements.next();
    const daemon = startDaemonProcess(project);
    const failed = daemon.ended.then((status) => {
      throw new Error(`the daemon ended with status ${status}:\n${daemon.lastLines()}`);
    });
    const current = await Promise.race([first, failed]);
    const measured = killAgainAndAgain(announcements, kills, async (successor = current) => {
      await calm();
      return successor;
    });
    const recoveries = await Promise.race([measured, failed]);
    failed.catch(() => undefined);
    await daemon.stop();
    return { recoveries, facts: await readStoredFacts(project.state.nats) };
  } finally {
    announcements.close();
    await project.remove();
    await rm(runs, { recursive: true, force: true });
  }
}

/** Each kill with the first fact of its kind after it. */
function phases({ recoveries, facts }: DaemonMeasured): string[][] {
  const timeOf = (name: FactName, after: number): number => {
    const fact = facts.find((told) => told.name === name && Date.parse(told.at) >= Math.floor(after));
    return fact ? Date.parse(fact.at) : Number.NaN;
  };
  const steps = recoveries.map(({ killedAt, took }) => {
    const noticed = timeOf('agent.process.exited', killedAt);
    const opened = timeOf('agent.pane.opened', noticed);
    return { noticed: noticed - killedAt, opened: opened - noticed, rest: killedAt + took - opened };
  });
  const row = (name: string, step: 'noticed' | 'opened' | 'rest') => {
    const took = steps.map((times) => times[step]);
    return [name, milliseconds(percentile(took, 50)), milliseconds(percentile(took, 99))];
  };
  return [
    row('kill → its end is noticed', 'noticed'),
    row('noticed → tmux has respawned the pane', 'opened'),
    row('respawned → first act of the program (may come before the reply)', 'rest'),
  ];
}

/** The look for orphans, which stands between an end and the new start, timed in this process. */
async function printScan(): Promise<void> {
  const took: number[] = [];
  for (let round = 0; round < 50; round += 1) {
    const begun = performance.now();
    await findMarkedProcesses(markVariable, 'nobody');
    took.push(performance.now() - begun);
  }
  const processes = await listProcesses();
  const defunct = processes.filter((entry) => entry.defunct).length;
  printTable(
    `look for marked processes (${processes.length} processes, ${defunct} defunct)`,
    ['p50', 'p99'],
    [[milliseconds(percentile(took, 50)), milliseconds(percentile(took, 99))]],
  );
}
