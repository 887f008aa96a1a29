/** Signs that only a living, working agent gives: its worktree changes, its tools start, run and use the processor. */
import { type AgentPlace, markVariable } from '../agents/agent-place.ts';
import { findMarkedProcesses } from '../processes/marked-processes.ts';
import type { ProcessEntry, ProcessIdentity } from '../processes/process-entry.ts';
import { WorktreeError } from '../worktrees/worktree-error.ts';
import type { World } from './world.ts';

/** Processor time since the last evidence that counts as work of a tool, in ms. */
const toolWork = 200;

const keyOf = ({ pid, startTime }: ProcessIdentity): string => `${pid} ${startTime}`;

/** A process that the agent's program has started, as it was seen last. */
interface Tool {
  /** When it was first seen, in ms since the epoch. */
  seenAt: number;
  cpuMs: number;
}

/**
 * Bytes on the screen, spinners and titles are no evidence: agents whose stream had stalled in the middle of a message
 * wrote up to 5 kB a second and looked busy (facts measured with real agent programs).
 */
export class Evidence {
  readonly place: AgentPlace;
  readonly #world: World;
  #fingerprint = '';
  #tools = new Map<string, Tool>();
  /** Processor time of tools since the last evidence, of those included that have ended, in ms. */
  #toolTime = 0;
  #looking = false;

  constructor(world: World, place: AgentPlace) {
    this.#world = world;
    this.place = place;
  }

  /**
   * Whether there was any since the last look; only agents at work are looked at, and by one look at a time. One for which
   * the daemon waits is not to blame for its silence.
   */
  async look(): Promise<boolean> {
    if (this.place.awaitsRepository) return true;
    const task = this.place.desk.assignment?.task;
    if (task === undefined || this.#looking) return false;
    this.#looking = true;
    try {
      return await this.#compare(task);
    } finally {
      this.#looking = false;
    }
  }

  /** Work begins: what the program has started before, as a language server, is none of this work's tools. */
  async begin(): Promise<void> {
    for (const process of await this.#findTools())
      this.#tools.set(keyOf(process), { seenAt: 0, cpuMs: process.cpuMs });
  }

  async #compare(task: string): Promise<boolean> {
    // Tools first: they are seen also while the repository cannot be asked.
    const alive = this.#lookAtTools(await this.#findTools());
    if (alive) this.#toolTime = 0;
    return (await this.#hasChanged(task, alive)) || alive;
  }

  /** @throws WorktreeError when the worktree cannot be looked at and it matters. */
  async #hasChanged(task: string, isKnownAlive: boolean): Promise<boolean> {
    try {
      const fingerprint = (await this.#world.ports.worktrees.peek()?.fingerprint(task)) ?? '';
      const hasChanged = fingerprint !== this.#fingerprint;
      this.#fingerprint = fingerprint;
      if (hasChanged) this.#toolTime = 0;
      return hasChanged;
    } catch (error) {
      if (error instanceof WorktreeError && isKnownAlive) return false;
      throw error;
    }
  }

  /**
   * Whether a tool has been started since the last look, is younger than a tool may become, or has worked: one that waits
   * for the network uses no processor and writes nothing.
   */
  #lookAtTools(processes: readonly ProcessEntry[]): boolean {
    const now = Date.now();
    const before = this.#tools;
    this.#tools = new Map();
    for (const process of processes) {
      const key = keyOf(process);
      const { cpuMs } = process;
      const known = before.get(key);
      this.#toolTime += cpuMs - (known?.cpuMs ?? 0);
      this.#tools.set(key, { seenAt: known?.seenAt ?? now, cpuMs });
    }
    const longest = this.#world.config.watchdog.tool;
    const tools = [...this.#tools];
    return (
      this.#toolTime >= toolWork ||
      tools.some(([key, { seenAt }]) => !before.has(key) || now - seenAt < longest)
    );
  }

  /** What the agent's program has started, not the program itself: it may spin. */
  async #findTools(): Promise<ProcessEntry[]> {
    const processes = await findMarkedProcesses(markVariable, this.place.mark);
    const pids = new Set(processes.map(({ pid }) => pid));
    // The first generation is the pane's host, the second the program; everything below was started by it.
    const hosts = new Set(processes.filter(({ parent }) => !pids.has(parent)).map(({ pid }) => pid));
    const programs = new Set(processes.filter(({ parent }) => hosts.has(parent)).map(({ pid }) => pid));
    return processes.filter(({ pid }) => !hosts.has(pid) && !programs.has(pid));
  }
}
