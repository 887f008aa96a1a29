/** The simulation's time: it owns every timer and date of this process, and passes as fast as the processor allows. */
import { syncBuiltinESMExports } from 'node:module';
import { type Clock, install } from '@sinonjs/fake-timers';

/** A Monday. */
const begin = Date.UTC(2026, 0, 5);

interface Timer {
  id: number;
  type: string;
  callAt: number;
}

interface Internals {
  now: number;
  timers?: Map<number, Timer>;
  abortListenerMap?: Map<unknown, unknown>;
  timerHeap?: { remove(timer: Timer): void; push(timer: Timer): void };
}

type Turn = (act: () => void) => unknown;

export class SimulatedTime {
  readonly #clock: Clock;
  readonly #turn: Turn;
  readonly #timeout: typeof AbortSignal.timeout;
  /** Timers of the world around the daemon; all others are the daemon's. */
  readonly #outside = new Set<number>();
  #steps = 0;

  /** From now on nothing in this process sees the real time. */
  constructor() {
    const turn = setImmediate;
    this.#turn = (act) => turn(act);
    this.#clock = install({
      now: begin,
      toFake: [
        'setTimeout',
        'clearTimeout',
        'setInterval',
        'clearInterval',
        'setImmediate',
        'clearImmediate',
        'Date',
        'performance',
      ],
    });
    const { setTimeout: set } = this.#clock;
    // As in Node: fake-timers lets one without a delay fire before any time has passed, and then again, for ever.
    this.#clock.setTimeout = (act, delay, ...given) =>
      set(act, Math.max(1, Math.trunc(delay ?? 1) || 1), ...given);
    this.#timeout = AbortSignal.timeout;
    // Node's own goes by the real time.
    AbortSignal.timeout = (milliseconds) => {
      const controller = new AbortController();
      setTimeout(
        () => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
        milliseconds,
      );
      return controller.signal;
    };
    syncBuiltinESMExports();
  }

  /** Milliseconds since the simulation began, whatever became of the wall clock. */
  get elapsed(): number {
    return performance.now();
  }

  /** How many timers have fired. */
  get steps(): number {
    return this.#steps;
  }

  /** How many timers the daemon has set. */
  get daemonTimers(): number {
    return this.#clock.countTimers() - this.#outside.size;
  }

  /** Something that happens outside the daemon after so many ms, also when the daemon is dead. @returns calls it off */
  after(milliseconds: number, act: () => void): () => void {
    const id = Number(
      this.#clock.setTimeout(() => {
        this.#outside.delete(id);
        act();
      }, milliseconds),
    );
    this.#outside.add(id);
    return () => {
      this.#outside.delete(id);
      this.#clock.clearTimeout(id);
    };
  }

  /** Resolves after so many ms, whatever becomes of the daemon. */
  pass(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(milliseconds, resolve);
    });
  }

  /** The timer due next fires, and everything that it sets off runs to its end. */
  async step(): Promise<void> {
    this.#steps += 1;
    this.#clock.next();
    await this.settle();
  }

  /** Everything that can run without time passing has run. */
  settle(): Promise<void> {
    return new Promise((resolve) => {
      this.#turn(resolve);
    });
  }

  /** The daemon is gone at once, and with it whatever it had set itself to do. */
  forgetDaemon(): void {
    for (const { id, type } of this.#daemonTimers()) {
      if (type === 'Immediate') this.#clock.clearImmediate(immediate(id));
      else this.#clock.clearTimeout(id);
    }
    // Nor does anybody wait to abort a pause; kept, it would keep the whole dead daemon.
    this.#internals.abortListenerMap?.clear();
  }

  /** The daemon stands still, as by SIGSTOP or a long computation: what was due meanwhile happens afterwards. */
  stopDaemon(milliseconds: number): void {
    const heap = this.#internals.timerHeap;
    const until = this.#internals.now + Math.round(milliseconds);
    for (const timer of this.#daemonTimers()) {
      if (timer.callAt >= until) continue;
      heap?.remove(timer);
      timer.callAt = until;
      heap?.push(timer);
    }
  }

  /** In the order in which they were set. */
  #daemonTimers(): Timer[] {
    const timers = [...(this.#internals.timers?.values() ?? [])];
    return timers.filter(({ id }) => !this.#outside.has(id));
  }

  /** Fake-timers has no words for a part of its timers; these are its own fields (15.5). */
  get #internals(): Internals {
    return this.#clock as Clock & Internals;
  }

  /**
   * Somebody sets the wall clock, or the machine has slept (Linux stops the clock of timers meanwhile): dates jump, timers
   * do not notice.
   */
  setWallClock(by: number): void {
    this.#clock.setSystemTime(Date.now() + by);
  }

  /** Gives the real time back. */
  end(): void {
    this.#clock.uninstall();
    AbortSignal.timeout = this.#timeout;
    syncBuiltinESMExports();
  }
}

/** Fake-timers takes an immediate's number for it. */
const immediate = (id: number) => id as unknown as NodeJS.Immediate;
