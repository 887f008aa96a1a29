/** Everything that belongs to one agent and that its pane, session, work and mailbox share. */
import type { AgentConfig } from '../config/config.ts';
import { Port } from '../ports/port.ts';
import type { PaneId } from '../tmux/pane-id.ts';
import type { Tmux } from '../tmux/tmux.ts';
import type { AgentAdapter, Conversation } from './conversation.ts';
import { ReportDesk } from './report-desk.ts';

export interface AgentPlace {
  name: string;
  config: AgentConfig;
  /** The agent's own folder: task files, inbox. */
  folder: string;
  /** Where the program starts when it has no task: its own empty folder. */
  home: string;
  /** The environment of its program, complete; known once nats-server has been started. */
  environment(): Record<string, string>;
  /** The value of ORCHESTRA_MARK by which its processes are found, whatever became of their parents. */
  mark: string;
  tmux: Port<Tmux>;
  pane: Port<PaneId>;
  /** The run of the program that lives in the pane (mode kept), or of the task's program (mode task). */
  run: Port<string>;
  desk: ReportDesk;
  conversation: Port<Conversation>;
  adapter: AgentAdapter;
}

/** The name of the environment variable that marks an agent's processes. */
export const markVariable = 'ORCHESTRA_MARK';

type PlaceInput = Pick<AgentPlace, 'name' | 'config' | 'folder' | 'home' | 'environment' | 'mark' | 'tmux'>;

/** Makes an agent's place; `createAdapter` gets it to reach the pane. */
export function createAgentPlace(
  input: PlaceInput,
  createAdapter: (place: AgentPlace) => AgentAdapter,
): AgentPlace {
  const place: Omit<AgentPlace, 'adapter'> = {
    ...input,
    pane: new Port(`the pane of ${input.name}`),
    run: new Port(`the program of ${input.name}`),
    desk: new ReportDesk(),
    conversation: new Port(`the conversation with ${input.name}`),
  };
  return Object.assign(place, { adapter: createAdapter(place as AgentPlace) });
}
