/** What the daemon needs of one kind of CLI agent: how it is started, fed, watched and stopped. */
import type { Assignment, MessageView } from '../events/commands.ts';

/** How a try at a stage ended, as the agent tells it. */
export interface Outcome {
  outcome: 'done' | 'failed' | 'blocked';
  note: string;
}

/**
 * The conversation broke off. That costs the task an attempt; a program that cannot be started, or takes none of many tasks,
 * is its agent's crash.
 */
export class ConversationError extends Error {
  override readonly name = 'ConversationError';
  readonly code: 'crashed' | 'not-accepted' | 'not-ready' | 'not-started';
  constructor(code: ConversationError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** The conversation with one agent's program. Only one assignment is under way at a time. */
export interface Conversation {
  /** Resolves when the program takes input. @throws ConversationError `not-ready`. */
  ready(signal: AbortSignal): Promise<void>;
  /** Ends what an earlier try has left at work, before anything is prepared for the next one. */
  clear(): Promise<void>;
  /** Hands an assignment over until it is seen to be accepted. @throws ConversationError `not-accepted`. */
  begin(assignment: Assignment, signal: AbortSignal): Promise<void>;
  /** Goes on with an assignment that an earlier daemon has handed over; nothing is said to the program. */
  takeOver(assignment: Assignment): void;
  /** Resolves with the end of the assignment that was begun or taken over. @throws ConversationError `crashed`. */
  outcome(assignment: Assignment, signal: AbortSignal): Promise<Outcome>;
  /**
   * The outcome is recorded, or no longer wanted, or there is none because the program broke off: the agent is told so
   * and the next assignment may begin. What broke off may be resumed.
   */
  settle(assignment: Assignment, how: 'recorded' | 'abandoned' | 'broken-off'): Promise<void>;
  /**
   * Hands a message over; `later` when the program cannot take it now. One that may have been handed over before, by a
   * daemon that died, is not said twice.
   */
  deliver(
    message: MessageView,
    delivery: { signal: AbortSignal; redelivered: boolean },
  ): Promise<'delivered' | 'later'>;
  /** Asks whether it goes on. */
  nudge(): Promise<void>;
  /** Stops what it is doing, as a person's Ctrl-C would. */
  interrupt(): Promise<void>;
  close(): Promise<void>;
}

/** How the pane's process is started when the pane is opened (mode kept); undefined when the pane waits for tasks. */
export interface PaneProgram {
  argv: string[];
  cwd: string;
}

/** One kind of agent. */
export interface AgentAdapter {
  /** The program that has to live in the pane all the time; undefined when one is started for each task. */
  readonly program: PaneProgram | undefined;
  converse(): Conversation;
}
