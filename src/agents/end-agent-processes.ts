/** Ends all that an agent's programs have started. */
import { type EndedProcesses, endMarkedProcesses } from '../processes/end-marked-processes.ts';
import type { EndOptions } from '../processes/end-processes.ts';
import { type AgentPlace, markVariable } from './agent-place.ts';

/**
 * Finds them by the agent's mark in their environment, by session and parentage from there, and by the agent's control
 * group where the system allows one. Without such a group one kind of process is out of reach: one that was started
 * without the mark, in a session of its own, and whose parent has ended.
 */
export function endAgentProcesses(
  { mark, controlGroup }: Pick<AgentPlace, 'mark' | 'controlGroup'>,
  options: EndOptions,
): Promise<EndedProcesses> {
  return endMarkedProcesses(markVariable, mark, { ...options, group: controlGroup.peek() });
}
