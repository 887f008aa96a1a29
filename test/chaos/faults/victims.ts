/** Who can be hit in an agent's pane, and how the facts tell that it was noticed. */
import type { FactName } from '../../../src/events/facts.ts';
import type { Ground } from '../ground.ts';
import { agentNames } from '../ground.ts';
import type { Orchestra } from '../orchestra.ts';
import { agentPanes, type Pane } from '../processes.ts';

/** The panes of the agents, in the order of their names, so that a number picks the same one in the same situation. */
export async function agentHosts(ground: Ground): Promise<Pane[]> {
  const panes = await agentPanes(ground);
  return agentNames.flatMap((name) => panes.filter(({ agent }) => agent === name));
}

/** Whether one of these facts about the agent came after the first `from`. */
export function factAbout(
  { witness }: Orchestra,
  agent: string,
  names: readonly FactName[],
  from: number,
): boolean {
  return witness.facts.slice(from).some((fact) => fact.about === agent && names.includes(fact.name));
}
