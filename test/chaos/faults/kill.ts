/** kill -9: an agent's program or its window, the tmux server, nats-server, the daemon, all of them at once. */

import type { Fault } from '../orchestra.ts';
import {
  isAlive,
  natsServerPid,
  processesOfAgent,
  processesOn,
  signal,
  tmux,
  tmuxServerPid,
} from '../processes.ts';
import { pickAt } from '../random.ts';
import { agentHosts, factAbout } from './victims.ts';

/** By the daemon that saw it end, or by the next one that looked for it. */
const noticed = [
  'agent.process.exited',
  'agent.pane.lost',
  'agent.pane.opened',
  'agent.adopted',
  'agent.adoption.refused',
] as const;

/** The program, or the host in the pane that runs it. Helpers in sessions of their own are not counted: nobody waits for them. */
export const killAgent: Fault = async (orchestra, drawn) => {
  const { pick, turn } = drawn;
  const hosts = await agentHosts(orchestra.ground);
  const programs = (
    await Promise.all(
      hosts.map(async (host) => {
        const processes = await processesOfAgent(orchestra.ground, host.agent);
        const program = processes.find(({ parent }) => parent === host.pid);
        return program ? [{ host, program }] : [];
      }),
    )
  ).flat();
  if (programs.length === 0) return { skipped: 'no agent has a program running' };
  const { host, program } = pickAt(programs, pick);
  const from = orchestra.witness.facts.length;
  const isHost = turn % 3 === 0;
  const victim = isHost ? host.pid : program.pid;
  // Its work has come to an end while it was looked for: nobody would notice anything more.
  if (!(await isAlive(victim))) return killAgent(orchestra, drawn);
  signal(victim, 'SIGKILL');
  return {
    target: `${host.agent} (${isHost ? 'host' : 'program'})`,
    since: Date.now(),
    agent: host.agent,
    isAnswered: () => factAbout(orchestra, host.agent, noticed, from),
  };
};

export const killPane: Fault = async (orchestra, { pick }) => {
  const hosts = await agentHosts(orchestra.ground);
  if (hosts.length === 0) return { skipped: 'there are no panes' };
  const { id, agent } = pickAt(hosts, pick);
  const from = orchestra.witness.facts.length;
  await tmux(orchestra.ground, 'kill-window', '-t', id);
  return {
    target: `${agent} ${id}`,
    since: Date.now(),
    agent,
    isAnswered: () => factAbout(orchestra, agent, ['agent.pane.opened'], from),
  };
};

export const killTmux: Fault = async ({ ground }) => {
  const pid = await tmuxServerPid(ground);
  if (pid === undefined) return { skipped: 'no tmux server answers' };
  signal(pid, 'SIGKILL');
  return {
    target: `tmux ${pid}`,
    since: Date.now(),
    isAnswered: async () => isReplaced(await tmuxServerPid(ground), pid),
  };
};

export const killNats: Fault = async ({ ground }) => {
  const pid = await natsServerPid(ground);
  if (pid === undefined) return { skipped: 'no nats-server runs' };
  signal(pid, 'SIGKILL');
  return {
    target: `nats-server ${pid}`,
    since: Date.now(),
    isAnswered: async () => isReplaced(await natsServerPid(ground), pid),
  };
};

export const killDaemon: Fault = async ({ keeper }) => {
  const { pid } = keeper;
  if (pid === 0) return { skipped: 'no daemon runs' };
  keeper.kill('SIGKILL');
  return { target: `daemon ${pid}`, since: Date.now(), isAnswered: () => isReplaced(keeper.pid, pid) };
};

/** As when the machine loses its power, but for the page cache. */
export const killAll: Fault = async ({ ground, keeper }) => {
  const { pid } = keeper;
  const processes = await processesOn(ground);
  for (const victim of processes) signal(victim.pid, 'SIGKILL');
  return {
    target: `${processes.length} processes`,
    since: Date.now(),
    isAnswered: () => isReplaced(keeper.pid, pid),
  };
};

const isReplaced = (now: number | undefined, before: number): boolean =>
  now !== undefined && now !== 0 && now !== before;
