/** The repository with its worktrees as the simulation has it: what agents change and commit there outlives them all. */
import { join } from 'node:path';
import { WorktreeError } from '../../src/worktrees/worktree-error.ts';
import type { Worktrees } from '../../src/worktrees/worktrees.ts';
import type { Chance } from './chance.ts';
import { daemonPause } from './daemon-life.ts';

interface Site {
  commits: number;
  isDirty: boolean;
  /** Grows with everything that is changed. */
  version: number;
}

/** How long git takes, in ms. */
const gitTime = 20;

export class SimulatedRepository {
  readonly sites = new Map<string, Site>();
  isAway = false;
  readonly #chance: Chance;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  /** An agent writes into a task's worktree. */
  change(task: string): void {
    const site = this.sites.get(task);
    if (!site) return;
    site.version += 1;
    site.isDirty = true;
  }

  /** Hardly ever forgotten. */
  commit(task: string): void {
    const site = this.sites.get(task);
    if (!site) return;
    site.version += 1;
    site.commits += 1;
    site.isDirty = this.#chance.happens(0.005);
  }

  open(directory: string): Worktrees {
    const path = (task: string) => join(directory, task);
    const branch = (task: string) => `orchestra/${task}`;
    const site = async (task: string): Promise<Site> => {
      await this.#git();
      const found = this.sites.get(task);
      if (!found) throw new WorktreeError('worktree-missing', `Task ${task} has no worktree.`);
      return found;
    };
    return {
      prepare: async (task) => {
        await this.#git();
        const created = !this.sites.has(task);
        if (created) this.sites.set(task, { commits: 0, isDirty: false, version: 1 });
        return { path: path(task), branch: branch(task), base: 'main', created };
      },
      remove: async (task) => {
        await this.#git();
        return this.sites.delete(task) ? 'removed' : 'absent';
      },
      list: async () => {
        await this.#git();
        return [...this.sites.keys()].map((taskId) => ({
          taskId,
          path: path(taskId),
          branch: branch(taskId),
          locked: true,
          missing: false,
        }));
      },
      leftovers: async (known) => {
        const tasks = new Set(known);
        return [...this.sites.keys()]
          .filter((taskId) => !tasks.has(taskId))
          .map((taskId) => ({ taskId, path: path(taskId), locked: true, missing: false }));
      },
      branch: async (task) => (this.sites.has(task) ? branch(task) : undefined),
      push: async () => {
        await this.#git();
        return 'pushed';
      },
      head: async (task) => String((await site(task)).commits).padStart(40, '0'),
      changes: async (task) => {
        const { commits, isDirty } = await site(task);
        return { commits, files: [], dirty: isDirty };
      },
      uncommitted: async (task) => ((await site(task)).isDirty ? ['left.txt'] : []),
      fingerprint: async (task) => String((await site(task)).version),
      isMerged: async () => true,
      isMergedHere: async () => true,
      strayCommit: async () => undefined,
      inventory: async () => {
        await this.#git();
        const worktrees = [...this.sites.keys()].map((taskId) => ({
          taskId,
          path: path(taskId),
          branch: branch(taskId),
          locked: true,
          missing: false,
          gitFolder: undefined,
        }));
        return { worktrees, branches: [], strangers: [], gitFolder: directory };
      },
    };
  }

  async #git(): Promise<void> {
    await daemonPause(gitTime);
    if (this.isAway) throw new WorktreeError('git-failed', 'The repository is away.');
  }
}
