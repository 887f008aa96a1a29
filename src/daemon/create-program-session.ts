/** An agent's conversation, bound to what is on record of its session and of its task. */
import type { World } from '../actors/world.ts';
import { type HeldWork, ProgramSession } from '../agents/program-session.ts';
import type { AgentConfig } from '../config/agent-config.ts';

export function createProgramSession({ ports }: World, agent: string, config: AgentConfig): ProgramSession {
  return new ProgramSession({
    resume: config.adapter === 'command' ? config.resume : undefined,
    recall: () => ports.sessions.peek()?.get(agent),
    note: (session) => ports.sessions.peek()?.update(agent, { session }),
    isToGoOn: ({ task, token }: HeldWork) => {
      const tasks = ports.tasks.peek();
      // While the bus is away the task is where it was.
      if (!tasks) return true;
      const held = tasks.get(task);
      return held?.token === token && held.claim?.agent === agent && held.attempts < held.maxAttempts;
    },
  });
}
