/** Takes an agent's reports on its present assignment and hands them to whoever waits for them. */
import { EventEmitter } from 'node:events';
import type { Assignment, ReportName } from '../events/commands.ts';
import type { Outcome } from './conversation.ts';

/** An answer to a report that the agent's program, or the person behind it, can act on. */
export class ReportRefusedError extends Error {
  override readonly name = 'ReportRefusedError';
  readonly code: 'no-assignment' | 'stale-token' | 'other-task' | 'slow-down';
  constructor(code: ReportRefusedError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export interface Report {
  task?: string | undefined;
  token?: number | undefined;
  note?: string | undefined;
  text?: string | undefined;
}

/** An outcome on its way to the record; whoever reports one meanwhile, even another one, waits for the same end. */
interface Pending {
  outcome: Outcome;
  settled: Promise<'recorded' | 'abandoned'>;
  settle: (how: 'recorded' | 'abandoned') => void;
}

interface DeskEvents {
  ready: [];
  accepted: [];
  ended: [Outcome];
  /** Any report at all: a sign of life. */
  heard: [ReportName, Report];
}

export class ReportDesk extends EventEmitter<DeskEvents> {
  #assignment: Assignment | undefined;
  #accepted = false;
  #pending: Pending | undefined;
  /** The latest assignment that was recorded, so that a repeated report is answered alike. */
  #recorded: { task: string; token: number } | undefined;
  #ready = false;

  get assignment(): Assignment | undefined {
    return this.#assignment;
  }

  get isReady(): boolean {
    return this.#ready;
  }

  get isAccepted(): boolean {
    return this.#accepted;
  }

  /** The outcome that was reported and is not yet settled. */
  get outcome(): Outcome | undefined {
    return this.#pending?.outcome;
  }

  /** A new program lives in the pane: nothing that an earlier one said holds any more. */
  reset(): void {
    this.#ready = false;
    this.#accepted = false;
    this.settle('abandoned');
  }

  /** A program that an earlier daemon has started goes on, with what it was at. */
  adopt(assignment: Assignment | null, { isReady }: { isReady: boolean }): void {
    this.reset();
    this.#ready = isReady;
    if (assignment) this.assign(assignment);
  }

  /** From now on reports are about this assignment; whoever still waits for an earlier one is refused. */
  assign(assignment: Assignment): void {
    this.settle('abandoned');
    this.#assignment = assignment;
    this.#accepted = false;
  }

  /** Ends the present assignment; a report that still waits is answered. */
  settle(how: 'recorded' | 'abandoned'): void {
    if (how === 'recorded' && this.#assignment) {
      this.#recorded = { task: this.#assignment.task, token: this.#assignment.token };
    }
    this.#pending?.settle(how);
    this.#pending = undefined;
    this.#assignment = undefined;
  }

  /**
   * Takes a report; one that ends the assignment resolves only when its outcome is recorded.
   * @throws ReportRefusedError
   */
  async take(verb: ReportName, report: Report): Promise<void> {
    if (verb === 'ready') {
      this.#ready = true;
      this.emit('heard', verb, report);
      this.emit('ready');
      return;
    }
    if (verb === 'say' && !this.#assignment) {
      this.emit('heard', verb, report);
      return;
    }
    if (this.#isRepeated(report)) return;
    this.#check(report);
    this.emit('heard', verb, report);
    if (verb === 'accept') {
      this.#accepted = true;
      this.emit('accepted');
    } else if (verb !== 'say') {
      await this.#end({ outcome: outcomes[verb], note: report.note ?? '' });
    }
  }

  async #end(outcome: Outcome): Promise<void> {
    this.#pending ??= pendingOf(outcome);
    const { settled } = this.#pending;
    this.emit('ended', this.#pending.outcome);
    const how = await settled;
    if (how === 'abandoned') {
      throw new ReportRefusedError(
        'stale-token',
        'the assignment was taken back; its result does not count any more',
      );
    }
  }

  #isRepeated({ task, token }: Report): boolean {
    const [recorded, present] = [this.#recorded, this.#assignment];
    if (!recorded || token !== recorded.token) return false;
    // Tokens are counted by each task for itself: without a task, one that is the present one's too means that.
    if (task === undefined) return token !== present?.token;
    return task === recorded.task && !(task === present?.task && token === present.token);
  }

  #check({ task, token }: Report): void {
    const present = this.#assignment;
    if (!present) throw new ReportRefusedError('no-assignment', 'you have no assignment now');
    if (task !== undefined && task !== present.task) {
      throw new ReportRefusedError('other-task', `your assignment is task ${present.task}, not ${task}`);
    }
    if (token !== undefined && token !== present.token) {
      throw new ReportRefusedError(
        'stale-token',
        `token ${token} is not that of your assignment (${present.token}) any more`,
      );
    }
  }
}

function pendingOf(outcome: Outcome): Pending {
  let settle: Pending['settle'] = () => {};
  const settled = new Promise<'recorded' | 'abandoned'>((resolve) => {
    settle = resolve;
  });
  return { outcome, settled, settle };
}

const outcomes = { done: 'done', fail: 'failed', block: 'blocked' } as const;
