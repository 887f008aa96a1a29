/** One life of the daemon as the world around it sees it: whatever reaches it comes by one of its own timers. */
import type { SimulatedTime } from './simulated-time.ts';

/** When the daemon dies its timers go, and with them everything that was on its way to it. */
export class DaemonLife {
  readonly number: number;
  readonly time: SimulatedTime;
  #isOver = false;
  readonly #endings = new Set<() => void>();

  constructor(number: number, time: SimulatedTime) {
    this.number = number;
    this.time = time;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Something from outside reaches the daemon after so many ms, or never. */
  receive(milliseconds: number, act: () => void): void {
    if (!this.#isOver) setTimeout(act, milliseconds);
  }

  /** What the world does when this life is over. @returns calls it off */
  onEnd(act: () => void): () => void {
    this.#endings.add(act);
    return () => this.#endings.delete(act);
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.time.forgetDaemon();
    for (const act of this.#endings) act();
    this.#endings.clear();
  }
}

/** For the daemon's side of the simulation: a pause that dies with it. */
export const daemonPause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
