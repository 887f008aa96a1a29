/** Whether a try that broke off is laid to its task, which pays with an attempt, or to its agent, which crashes. */
import type { AgentPlace } from '../agents/agent-place.ts';
import { ConversationError } from '../agents/conversation.ts';
import type { Assignment } from '../events/commands.ts';
import type { World } from './world.ts';

/** So many tasks in a row may break off in one agent's hands before it is the agent that is suspected. */
const mostBrokenOff = 4;

/**
 * Several tasks in a row that kill the program must not put the agent into quarantine. But one whose program nobody's task
 * gets anything out of would use up every task's attempts.
 */
export function culprit(place: AgentPlace, task: string): 'task' | 'agent' {
  place.brokenOff.add(task);
  return place.brokenOff.size > mostBrokenOff ? 'agent' : 'task';
}

/**
 * Waits for a part of the conversation on `task`; a kept program that has broken it off is started anew.
 * @throws ConversationError when that is the agent's crash, as when its program cannot be started at all
 */
export async function orBrokenOff<End>(
  world: World,
  place: AgentPlace,
  assignment: Assignment,
  end: Promise<End>,
): Promise<End | 'broken-off'> {
  try {
    return await end;
  } catch (error) {
    if (!(error instanceof ConversationError)) throw error;
    place.lastEnd ??= error.message;
    if (culprit(place, assignment.task) === 'agent' || error.code === 'not-started') throw error;
    await place.conversation.peek()?.settle(assignment, 'broken-off');
    if (place.adapter.program) await world.restartAgent(place.name);
    return 'broken-off';
  }
}
