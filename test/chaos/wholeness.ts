/** Whether the tree is whole: everything that ought to run runs, by the daemon's own word and the process table's. */
import type { AgentView } from '../../src/events/commands.ts';
import { descendantsOf } from '../../src/supervision/tree-description.ts';
import type { DaemonKeeper } from './daemon-keeper.ts';
import type { Ground } from './ground.ts';
import { agentNames } from './ground.ts';
import { natsServerPid, tmuxServerPid } from './processes.ts';
import type { Witness } from './witness.ts';

export interface Look {
  /** What is amiss; empty when all is whole. */
  readonly amiss: readonly string[];
  readonly agents: readonly AgentView[];
}

/** Asks the daemon and the system once. */
export async function lookAtWhole(ground: Ground, keeper: DaemonKeeper, witness: Witness): Promise<Look> {
  if (keeper.pid === 0) return { amiss: ['no daemon runs'], agents: [] };
  const tree = await witness.ask('tree', {});
  const status = tree && (await witness.ask('status', {}));
  if (!tree || !status) return { amiss: ['the daemon does not answer'], agents: [] };
  const { agents } = status;
  const amiss: string[] = [];
  if (status.pid !== keeper.pid) amiss.push(`process ${status.pid} answers, ${keeper.pid} was started`);
  if (tree.phase !== 'running') amiss.push(`the root is ${tree.phase}`);
  for (const { path, state, supervisor } of descendantsOf(tree)) {
    if (state !== 'running') amiss.push(`${path} is ${state}`);
    else if (supervisor && supervisor.phase !== 'running') amiss.push(`${path} is ${supervisor.phase}`);
  }
  for (const name of agentNames) {
    const availability = agents.find((agent) => agent.name === name)?.availability ?? 'missing';
    if (availability !== 'idle' && availability !== 'working') amiss.push(`${name} is ${availability}`);
  }
  if ((await natsServerPid(ground)) === undefined) amiss.push('no nats-server runs');
  if ((await tmuxServerPid(ground)) === undefined) amiss.push('no tmux server answers');
  return { amiss, agents };
}
