/** Adoption: from the start of the daemon that follows a killed one to the last of 20 living agents taken over, and at rest. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { measureFloor } from './adoption-floor.ts';
import { type DaemonProcess, startDaemonProcess } from './daemon-process.ts';
import { startIdle } from './idle-agents.ts';
import { median } from './percentiles.ts';
import type { Project } from './project.ts';
import { printTable } from './table.ts';

const rounds = 7;
const count = 20;

/** A program that lives in its pane all the time and wants nothing. */
const agent = {
  roles: ['codegen'],
  adapter: 'command',
  mode: 'kept',
  accept: 'none',
  command: ['sh', '-c', 'while read -r line; do :; done'],
};

interface Restart {
  daemon: DaemonProcess;
  /** Until the last agent was adopted, in ms. */
  adopted: number;
  /** Until the last one was idle again. */
  idle: number;
}

export async function adoption(): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => `agent-${index + 1}`);
  const orchestra = await startIdle(Object.fromEntries(names.map((name) => [name, agent])));
  const { project } = orchestra;
  let { daemon } = orchestra;
  const measured: Record<string, number[]> = {};
  const note = (what: string, took: number) => {
    measured[what] = [...(measured[what] ?? []), took];
  };
  for (let round = 0; round < rounds; round += 1) {
    process.kill(daemon.pid, 'SIGKILL');
    await daemon.ended;
    const { node, natsServer, tmux } = await measureFloor(project);
    const restart = await restartDaemon(project, names);
    daemon = restart.daemon;
    note('a Node process starts and ends', node);
    note('a bare nats-server takes connections', natsServer);
    note('tmux list-panes', tmux);
    note('the floor: these three', node + natsServer + tmux);
    note(`orchestra up → ${count} agents adopted`, restart.adopted);
    note(`orchestra up → ${count} agents idle again`, restart.idle);
  }
  await daemon.stop();
  await project.remove();
  const rows = Object.entries(measured).map(([what, took]) => [
    what,
    `${Math.round(median(took))} ms`,
    took.map(Math.round).join(', '),
  ]);
  printTable('A daemon is killed; the next one adopts', ['', `median of ${rounds}`, 'all, in ms'], rows);
}

/** @throws Error when an agent is started anew, or the daemon ends */
async function restartDaemon(project: Project, names: readonly string[]): Promise<Restart> {
  const begun = Date.now();
  const waiting = new Set(names);
  let settle: (error?: Error) => void = () => {};
  const over = new Promise<void>((resolve, reject) => {
    settle = (error) => (error ? reject(error) : resolve());
  });
  const daemon = startDaemonProcess(project, [], (line) => {
    if (line.includes(' is ended and started anew')) settle(new Error(line));
    const idle = /^\S+ (\S+)\s+is idle$/.exec(line)?.[1];
    if (idle !== undefined && waiting.delete(idle) && waiting.size === 0) settle();
  });
  void daemon.ended.then(() => settle(new Error(`the daemon ended:\n${daemon.lastLines()}`)));
  await over;
  // What is printed waits until everything is up; the log has each fact's own moment.
  const facts = (await readLog(project)).filter(({ time }) => time >= begun);
  const last = (fits: (fact: LoggedFact) => boolean) => (facts.findLast(fits)?.time ?? Number.NaN) - begun;
  return {
    daemon,
    adopted: last(({ msg }) => msg === 'agent.adopted'),
    idle: last(({ availability }) => availability === 'idle'),
  };
}

const LoggedFact = z.object({
  time: z.iso.datetime().transform((time) => Date.parse(time)),
  msg: z.string(),
  about: z.string().optional(),
  availability: z.string().optional(),
});
type LoggedFact = z.infer<typeof LoggedFact>;

/** All facts that the daemons of this project have told, and what else they logged. */
export async function readLog({ state }: Project): Promise<LoggedFact[]> {
  const lines = (await readFile(state.logFile, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => LoggedFact.parse(JSON.parse(line)));
}
