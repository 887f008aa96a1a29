/** The program's own conversation, under an id of our making: which one the next start of the program begins or goes on with. */
import { randomUUID } from 'node:crypto';

/** What a conversation is at. */
export interface HeldWork {
  task: string;
  token: number;
}

export interface ProgramSessionOptions {
  /** How the program goes on with a conversation that its death broke off; undefined: it cannot. */
  resume: readonly string[] | undefined;
  /** What an earlier daemon has written down; asked once. */
  recall(): { session: string | null; assignment: HeldWork | null } | undefined;
  /** Writes down the id for the next daemon. */
  note(session: string): void;
  /** Whether the work will be begun again: it is still the agent's, and has an attempt left. */
  isToGoOn(work: HeldWork): boolean;
}

/** How the program is started this time. */
export interface ProgramStart {
  argv: string[];
  /** Tells the program of its conversation. */
  environment: Record<string, string>;
}

/**
 * A conversation is resumed when the program died in the middle of a task that is to be begun again. One that cannot be
 * resumed, so that the program ends before it is handed the task, is given up for a new one.
 */
export class ProgramSession {
  readonly #options: ProgramSessionOptions;
  #isRecalled = false;
  #id: string | undefined;
  #work: HeldWork | undefined;
  /** Resumed, and not handed the task since. */
  #isUnproven = false;

  constructor(options: ProgramSessionOptions) {
    this.#options = options;
  }

  /** Takes up what an earlier daemon has written down, once in this one's life. */
  recall(): void {
    if (this.#isRecalled) return;
    this.#isRecalled = true;
    const recorded = this.#options.recall();
    this.#id = recorded?.session ?? undefined;
    this.#work = recorded?.assignment ?? undefined;
  }

  /** The program is handed a task in this conversation. */
  begin({ task, token }: HeldWork): void {
    this.recall();
    this.#isUnproven = false;
    this.#work = { task, token };
  }

  /** The task is over, or no longer its own: the next start begins a new conversation. */
  end(): void {
    this.recall();
    this.#work = undefined;
  }

  /** `work`: what the program is started for, if it is started for one task alone. */
  start(command: readonly string[], work?: HeldWork): ProgramStart {
    this.recall();
    const resume = this.#mayGoOn(work) ? this.#options.resume : undefined;
    this.#isUnproven = resume !== undefined;
    const session = resume && this.#id !== undefined ? this.#id : randomUUID();
    this.#id = session;
    this.#options.note(session);
    return {
      argv: (resume ?? command).map((argument) => argument.replaceAll('{session}', session)),
      environment: { ORCHESTRA_SESSION: session, ...(resume && { ORCHESTRA_RESUMED: '1' }) },
    };
  }

  #mayGoOn(work: HeldWork | undefined): boolean {
    const held = this.#work;
    if (this.#id === undefined || held === undefined || this.#isUnproven) return false;
    if (work && (work.task !== held.task || work.token !== held.token)) return false;
    // What it is started for is being begun again already.
    return work !== undefined || this.#options.isToGoOn(held);
  }
}
