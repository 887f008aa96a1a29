/** SIGSTOP: something is there and does not answer; after a while it goes on as if nothing had been. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault, Inflicted } from '../orchestra.ts';
import { natsServerPid, processesOfAgent, signal, tmuxServerPid } from '../processes.ts';
import { pickAt } from '../random.ts';
import { agentHosts } from './victims.ts';

export const stopAgent: Fault = async ({ ground }, { pick, lasting }) => {
  const hosts = await agentHosts(ground);
  if (hosts.length === 0) return { skipped: 'there are no panes' };
  const { agent } = pickAt(hosts, pick);
  const processes = await processesOfAgent(ground, agent);
  return {
    ...(await stop(
      agent,
      processes.map(({ pid }) => pid),
      lasting,
    )),
    agent,
  };
};

export const stopNats: Fault = async ({ ground }, { lasting }) => {
  const pid = await natsServerPid(ground);
  return pid === undefined ? { skipped: 'no nats-server runs' } : stop('nats-server', [pid], lasting);
};

export const stopTmux: Fault = async ({ ground }, { lasting }) => {
  const pid = await tmuxServerPid(ground);
  return pid === undefined ? { skipped: 'no tmux server answers' } : stop('tmux', [pid], lasting);
};

export const stopDaemon: Fault = async ({ keeper }, { lasting }) => {
  const { pid } = keeper;
  return pid === 0 ? { skipped: 'no daemon runs' } : stop('daemon', [pid], lasting);
};

async function stop(target: string, pids: readonly number[], lasting: number): Promise<Inflicted> {
  for (const pid of pids) signal(pid, 'SIGSTOP');
  await pause(lasting);
  for (const pid of pids) signal(pid, 'SIGCONT');
  return { target: `${target} for ${lasting} ms`, since: Date.now() };
}
