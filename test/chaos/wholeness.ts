/** Whether the tree is whole: everything that ought to run runs, by the daemon's own word and the process table's. */
import { setTimeout as pause } from 'node:timers/promises';
import { descendantsOf } from '../../src/supervision/tree-description.ts';
import { agentNames } from './ground.ts';
import type { Inflicted, Orchestra } from './orchestra.ts';
import { natsServerPid, tmuxServerPid } from './processes.ts';

/** How long a recovery may take before it counts as none, and the time between two looks, in ms. */
const recoveryLimit = 120_000;
const lookEvery = 50;

/** Resolves when all is whole and what a fault has hit is replaced; with what is still amiss when it has taken too long. */
export async function untilWhole(orchestra: Orchestra, fault?: Inflicted): Promise<readonly string[]> {
  const deadline = Date.now() + recoveryLimit;
  for (;;) {
    const isAnswered = (await fault?.isAnswered?.()) ?? true;
    const amiss = isAnswered ? await lookAtWhole(orchestra) : ['what was hit has not been replaced'];
    if (amiss.length === 0 || Date.now() > deadline) return amiss;
    await pause(lookEvery);
  }
}

/** Asks the daemon and the system once. @returns what is amiss */
async function lookAtWhole({ ground, keeper, witness }: Orchestra): Promise<string[]> {
  if (keeper.pid === 0) return ['no daemon runs'];
  const tree = await witness.ask('tree', {});
  const status = tree && (await witness.ask('status', {}));
  if (!tree || !status) return ['the daemon does not answer'];
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
  return amiss;
}
