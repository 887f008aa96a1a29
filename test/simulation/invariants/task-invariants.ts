/** What must hold of task records, looked at with every write to their bucket. */
import { z } from 'zod';
import type { StoredBucket } from '../stored-bucket.ts';
import type { Complain } from './violation.ts';

/** What is looked at of a task record, whatever its version. */
const Task = z.object({
  state: z.string(),
  reason: z.string(),
  flow: z.array(z.string()),
  stageIndex: z.int(),
  token: z.int(),
  attempts: z.int(),
  maxAttempts: z.int(),
  claim: z.object({ agent: z.string(), leaseUntil: z.number() }).nullable(),
  issue: z.object({ id: z.string(), blockedBy: z.array(z.string()) }),
});
export type WatchedTask = z.infer<typeof Task>;

export interface TaskChange {
  before: WatchedTask | undefined;
  after: WatchedTask;
}

export class TaskInvariants {
  readonly tasks = new Map<string, WatchedTask>();
  readonly #complain: Complain;
  readonly #isArchived: (id: string) => boolean;
  readonly #holdings = new Map<string, string>();
  readonly #listeners = new Set<(change: TaskChange) => void>();
  #completed = 0;
  #failed = 0;

  constructor(bucket: StoredBucket, complain: Complain, isArchived: (id: string) => boolean) {
    this.#complain = complain;
    this.#isArchived = isArchived;
    bucket.onWrite.add((key, text) => {
      if (text === undefined) this.tasks.delete(key);
      else this.#written(key, JSON.parse(text));
    });
  }

  get completed(): number {
    return this.#completed;
  }

  get failed(): number {
    return this.#failed;
  }

  /** The task that an agent holds. */
  heldBy(agent: string): string | undefined {
    return this.#holdings.get(agent);
  }

  onChange(listener: (change: TaskChange) => void): void {
    this.#listeners.add(listener);
  }

  isOver(id: string): boolean {
    const state = this.tasks.get(id)?.state;
    return state === undefined ? this.#isArchived(id) : state === 'done' || state === 'closed';
  }

  /** Our own records are not parsed a second time: their schema was looked at when they were read. */
  #written(id: string, after: WatchedTask): void {
    const before = this.tasks.get(id);
    this.tasks.set(id, after);
    if (before) this.#compare(id, before, after);
    else if (after.claim) this.#complain('growing tokens', `task ${id} was claimed when it was made`);
    if (after.attempts > after.maxAttempts)
      this.#complain('attempts', `task ${id} is in attempt ${after.attempts} of ${after.maxAttempts}`);
    // Worktrees are refused in the simulation only while the whole repository is away.
    if (after.reason.startsWith('no worktree'))
      this.#complain('attempts', `task ${id} has paid for the repository: ${after.reason}`);
    this.#noteHolder(id, before, after);
    if (before?.state !== 'done' && after.state === 'done') this.#completed += 1;
    if (before?.state !== 'failed' && after.state === 'failed') this.#failed += 1;
    for (const listener of this.#listeners) listener({ before, after });
  }

  #compare(id: string, before: WatchedTask, after: WatchedTask): void {
    if (after.token < before.token)
      this.#complain('growing tokens', `task ${id}: ${before.token} became ${after.token}`);
    const isNewClaim = after.claim !== null && before.claim === null;
    if (isNewClaim && after.token <= before.token)
      this.#complain('growing tokens', `task ${id}: ${after.claim?.agent} claimed it with an old token`);
    if (
      after.claim &&
      before.claim &&
      (after.claim.agent !== before.claim.agent || after.token !== before.token)
    )
      this.#complain('one holder', `task ${id}: ${after.claim.agent} took it from ${before.claim.agent}`);
    if (isNewClaim) {
      const open = after.issue.blockedBy.filter((blocker) => !this.isOver(blocker));
      if (open.length > 0)
        this.#complain('dependencies', `task ${id} was claimed although ${open.join(', ')} is open`);
    }
  }

  #noteHolder(id: string, before: WatchedTask | undefined, after: WatchedTask): void {
    if (before?.claim && this.#holdings.get(before.claim.agent) === id)
      this.#holdings.delete(before.claim.agent);
    const agent = after.claim?.agent;
    if (agent === undefined) return;
    const other = this.#holdings.get(agent);
    if (other !== undefined && other !== id)
      this.#complain('one holder', `${agent} holds tasks ${other} and ${id}`);
    this.#holdings.set(agent, id);
  }
}
