/** What is called an orphan: something of ours that belongs to nobody any more, and what the rule does with it. */
import { z } from 'zod';

/** As people and programs are told of it. */
export const Orphan = z.object({
  kind: z.enum([
    'process',
    'tmux-server',
    'tmux-client',
    'nats-server',
    'control-group',
    'pane',
    'worktree',
    'branch',
    'git-lock',
    'lease',
    'file',
  ]),
  /** Its name in its kind: a pid, a pane's id, a path, a branch, a task's id. */
  id: z.string(),
  why: z.string(),
  /** What the rule makes of it: `kept` is for a person to decide. */
  remedy: z.enum(['ended', 'removed', 'released', 'kept']),
  /** What a person can do about one that is kept. */
  advice: z.string().optional(),
});
export type Orphan = z.infer<typeof Orphan>;

/** An orphan as it was found, with the means to clean it. */
export interface FoundOrphan {
  readonly orphan: Orphan;
  /** Tells this very one from a later one of the same name. */
  readonly identity: string;
  /**
   * Cleans it if it still belongs to nobody; absent for one that is kept. Resolves with why it could not be cleaned, and
   * with undefined when it is gone.
   */
  readonly clean?: () => Promise<Refusal | undefined>;
}

export interface Refusal {
  why: string;
  advice?: string | undefined;
}

/** What is to be said of one that is for a person to decide. */
export function kept(
  kind: Orphan['kind'],
  id: string,
  why: string,
  advice: string,
  state = why,
): FoundOrphan {
  return { orphan: { kind, id, why, remedy: 'kept', advice }, identity: `${kind} ${id} ${state}` };
}
