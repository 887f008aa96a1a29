/** Agents by their names as people type them. */
import type { Bus } from '../bus/bus.ts';
import { ask } from '../client/ask.ts';
import type { AgentView } from '../events/commands.ts';
import { nearestName } from '../text/nearest-name.ts';
import { CliError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';

/** The agent of that name. @throws CliError when there is none, BusError */
export async function knownAgent(bus: Bus, name: string): Promise<AgentView> {
  const agents = await ask(bus, 'agents', {});
  const agent = agents.find((one) => one.name === name);
  if (agent) return agent;
  throw unknownAgent(
    name,
    agents.map((one) => one.name),
  );
}

/** What a person is told who has named an agent that is not there. */
export function unknownAgent(name: string, known: readonly string[]): CliError {
  const meant = nearestName(name, known);
  const hint = meant === undefined ? `There are: ${known.join(', ')}.` : `Did you mean "${meant}"?`;
  return new CliError(`There is no agent "${name}". ${hint}`, exitCodes.usage);
}
