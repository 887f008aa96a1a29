/** From an agent's configuration to its adapter. */
import { fileURLToPath } from 'node:url';
import type { AgentPlace } from './agent-place.ts';
import type { AgentAdapter } from './conversation.ts';
import { keptConversation } from './kept-conversation.ts';
import { taskConversation } from './task-conversation.ts';

export function createAdapter(place: AgentPlace): AgentAdapter {
  const { config } = place;
  if (config.adapter === 'sample') {
    return keptAdapter(place, [process.execPath, sampleAgent], { ready: 'report', accept: 'report' });
  }
  if (config.mode === 'kept') return keptAdapter(place, config.command, config);
  return { program: undefined, converse: () => taskConversation(place, config.command) };
}

const sampleAgent = fileURLToPath(new URL('../sample/agent-main.js', import.meta.url));

function keptAdapter(
  place: AgentPlace,
  argv: readonly string[],
  options: Parameters<typeof keptConversation>[1],
): AgentAdapter {
  return {
    program: { argv: [...argv], cwd: place.home },
    converse: () => keptConversation(place, options),
  };
}
