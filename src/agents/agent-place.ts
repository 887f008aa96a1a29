/** Everything that belongs to one agent and that its pane, session, work and mailbox share. */
import { createHash } from 'node:crypto';
import type { AgentConfig } from '../config/agent-config.ts';
import type { Assignment } from '../events/commands.ts';
import { Port } from '../ports/port.ts';
import type { ControlGroup } from '../processes/control-group.ts';
import type { ProcessIdentity } from '../processes/process-entry.ts';
import type { OutputFile } from '../tmux/output-script.ts';
import type { PaneId } from '../tmux/pane-id.ts';
import type { Tmux } from '../tmux/tmux.ts';
import type { AgentAdapter, Conversation } from './conversation.ts';
import type { ProgramSession } from './program-session.ts';
import { ReportDesk } from './report-desk.ts';

/** A pane that goes on under this daemon; null: its program, if any, was at nothing. */
export interface Adopted {
  assignment: Assignment | null;
}

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
  /** Holds its programs and all that they start, where the system allows it. */
  controlGroup: Port<ControlGroup>;
  tmux: Port<Tmux>;
  pane: Port<PaneId>;
  /** The run of the program that lives in the pane (mode kept), or of the task's program (mode task). */
  run: Port<string>;
  /** The pane's process, parent of the run's program; 0 for the start time of one that had ended at once. */
  host: Port<ProcessIdentity>;
  /** What was taken over from an earlier daemon, until the agent's work has looked at it. */
  adopted: Adopted | undefined;
  /** Whether this daemon has decided what becomes of what an earlier one left. */
  isTaken: boolean;
  /** Whether the agent's work has looked for what it holds: before that, a claim of its is nobody else's to judge. */
  hasRecalled: boolean;
  /** Whether nothing can be heard of it because the daemon itself waits for the repository on its behalf. */
  awaitsRepository: boolean;
  desk: ReportDesk;
  conversation: Port<Conversation>;
  /** Which conversation its program begins or goes on with at its next start. */
  programSession: ProgramSession;
  /** Where what its program prints is taken down. */
  output: OutputFile;
  /** How its program ended last, in words. */
  lastEnd: string | undefined;
  /** The run whose host has said that it is over: its output ends with a mark. */
  closedRun: string | undefined;
  /** The tasks in a row that broke off in its hands: when they are many, it is not the tasks. */
  readonly brokenOff: Set<string>;
  adapter: AgentAdapter;
}

/** The name of the environment variable that marks an agent's processes. */
export const markVariable = 'ORCHESTRA_MARK';

/** What the marks of all agents of one state folder begin with, up to a dot and their names. */
export function markPrefix(stateRoot: string): string {
  return createHash('sha256').update(stateRoot).digest('hex').slice(0, 12);
}

type PlaceInput = Pick<
  AgentPlace,
  'name' | 'config' | 'folder' | 'home' | 'environment' | 'mark' | 'tmux' | 'programSession' | 'output'
>;

/** Makes an agent's place; `createAdapter` gets it to reach the pane. */
export function createAgentPlace(
  input: PlaceInput,
  createAdapter: (place: AgentPlace) => AgentAdapter,
): AgentPlace {
  const place: Omit<AgentPlace, 'adapter'> = {
    ...input,
    controlGroup: new Port(`the control group of ${input.name}`),
    pane: new Port(`the pane of ${input.name}`),
    run: new Port(`the program of ${input.name}`),
    host: new Port(`the host of ${input.name}'s program`),
    adopted: undefined,
    isTaken: false,
    hasRecalled: false,
    awaitsRepository: false,
    desk: new ReportDesk(),
    lastEnd: undefined,
    closedRun: undefined,
    brokenOff: new Set(),
    conversation: new Port(`the conversation with ${input.name}`),
  };
  return Object.assign(place, { adapter: createAdapter(place as AgentPlace) });
}
