/** Paths as people read them. Pure. */

/** How people know an agent: 🎹 kaede カエデ. */
export interface AgentFace {
  readonly name: string;
  readonly symbol: string;
  readonly title: string;
}

/** What the root of the tree is called, here as by `orchestra tree`. */
export const rootName = 'orchestra';

const agentPrefix = 'agent:';

/** The agent's name if a part of a path is an agent's supervisor. */
export function agentOf(id: string): string | undefined {
  return id.startsWith(agentPrefix) ? id.slice(agentPrefix.length) : undefined;
}

/** One part of a path: an agent's supervisor by the agent's symbol and name, anything else as it is. */
export function partLabel(id: string, faces: readonly AgentFace[]): string {
  const agent = agentOf(id);
  if (agent === undefined) return id;
  const face = faces.find(({ name }) => name === agent);
  return face ? `${face.symbol} ${agent}`.trim() : agent;
}

/**
 * A path in few words: from the agent on, or its last two parts.
 * `ensemble/agents/agent:kaede/pane` is `🎹 kaede › pane`.
 */
export function pathLabel(path: string, faces: readonly AgentFace[]): string {
  if (path === '') return rootName;
  const parts = path.split('/');
  const agent = parts.findIndex((part) => agentOf(part) !== undefined);
  const shown = agent === -1 ? parts.slice(-2) : parts.slice(agent);
  return shown.map((part) => partLabel(part, faces)).join(' › ');
}
