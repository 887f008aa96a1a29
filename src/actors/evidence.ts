/** Signs that only a living, working agent gives: its worktree changes, its tools use the processor. */
import { type AgentPlace, markVariable } from '../agents/agent-place.ts';
import { findMarkedProcesses } from '../processes/marked-processes.ts';
import type { World } from './world.ts';

/** Processor time between two looks that counts as work of a tool, in ms; a spinner takes less. */
const toolWork = 200;

/**
 * Bytes on the screen, spinners and titles are no evidence: agents whose stream had stalled in the middle of a message
 * wrote up to 5 kB a second and looked busy (facts measured with real agent programs).
 */
export class Evidence {
  readonly place: AgentPlace;
  readonly #world: World;
  #fingerprint = '';
  #toolTime = 0;
  #looking = false;

  constructor(world: World, place: AgentPlace) {
    this.#world = world;
    this.place = place;
  }

  /** Whether there was any since the last look; only agents at work are looked at, and by one look at a time. */
  async look(): Promise<boolean> {
    const task = this.place.desk.assignment?.task;
    if (task === undefined || this.#looking) return false;
    this.#looking = true;
    try {
      return await this.#compare(task);
    } finally {
      this.#looking = false;
    }
  }

  async #compare(task: string): Promise<boolean> {
    const fingerprint = (await this.#world.ports.worktrees.peek()?.fingerprint(task)) ?? '';
    const toolTime = await this.#toolTimeNow();
    const alive = fingerprint !== this.#fingerprint || toolTime - this.#toolTime >= toolWork;
    this.#fingerprint = fingerprint;
    this.#toolTime = toolTime;
    return alive;
  }

  /** Processor time of what the agent's program has started, not of the program itself: it may spin. */
  async #toolTimeNow(): Promise<number> {
    const processes = await findMarkedProcesses(markVariable, this.place.mark);
    const pids = new Set(processes.map(({ pid }) => pid));
    // The first generation is the pane's host, the second the program; everything below was started by it.
    const hosts = new Set(processes.filter(({ parent }) => !pids.has(parent)).map(({ pid }) => pid));
    const programs = new Set(processes.filter(({ parent }) => hosts.has(parent)).map(({ pid }) => pid));
    return processes
      .filter(({ pid }) => !hosts.has(pid) && !programs.has(pid))
      .reduce((total, { cpuMs }) => total + cpuMs, 0);
  }
}
