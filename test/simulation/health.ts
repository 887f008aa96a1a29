/** Whether the orchestra is whole, since when, and how long each fault has kept it from that. */
import type { FaultKind } from './faults.ts';
import type { SimulatedTime } from './simulated-time.ts';

interface Pending {
  kind: FaultKind;
  at: number;
  wasHarmful: boolean;
}

/** A fault shows within so many ms, or is none. */
const settleTime = 2_000;

/** Not every start is told: what is not whole is looked at each so many ms. */
const recoveryLook = 50;

export class Health {
  readonly #time: SimulatedTime;
  readonly #isWhole: () => boolean;
  readonly #recoveries = new Map<FaultKind, number[]>();
  readonly #harmless = new Map<FaultKind, number>();
  #pending: Pending[] = [];
  #isDirty = true;
  #lookedAt = 0;
  #whole = false;
  #since = 0;
  #uptime = 0;

  constructor(time: SimulatedTime, isWhole: () => boolean) {
    this.#time = time;
    this.#isWhole = isWhole;
  }

  get whole(): boolean {
    return this.#whole;
  }

  /** For how long it has been as it is, in ms. */
  get lasting(): number {
    return this.#time.elapsed - this.#since;
  }

  /** The share of the time so far in which all was whole. */
  get availability(): number {
    const { elapsed } = this.#time;
    return (this.#uptime + (this.#whole ? this.lasting : 0)) / Math.max(elapsed, 1);
  }

  /** Times to recover in ms, by kind of fault; only of those that did harm. */
  get recoveries(): ReadonlyMap<FaultKind, readonly number[]> {
    return this.#recoveries;
  }

  get harmless(): ReadonlyMap<FaultKind, number> {
    return this.#harmless;
  }

  /** Something has changed that may count. */
  touch(): void {
    this.#isDirty = true;
  }

  fault(kind: FaultKind): void {
    this.#pending.push({ kind, at: this.#time.elapsed, wasHarmful: false });
    this.#time.after(settleTime + 1, () => this.touch());
    this.touch();
  }

  /** To be called after every step. */
  look(): void {
    const { elapsed } = this.#time;
    const isDue = !this.#whole && elapsed - this.#lookedAt >= recoveryLook;
    if (!this.#isDirty && !isDue) return;
    this.#isDirty = false;
    this.#lookedAt = elapsed;
    const whole = this.#isWhole();
    if (whole !== this.#whole) {
      if (this.#whole) this.#uptime += elapsed - this.#since;
      this.#whole = whole;
      this.#since = elapsed;
    }
    if (this.#pending.length > 0) this.#settle(elapsed);
  }

  #settle(elapsed: number): void {
    this.#pending = this.#pending.filter((fault) => {
      if (!this.#whole) {
        fault.wasHarmful = true;
        return true;
      }
      if (fault.wasHarmful) {
        const known = this.#recoveries.get(fault.kind) ?? [];
        known.push(elapsed - fault.at);
        this.#recoveries.set(fault.kind, known);
        return false;
      }
      if (elapsed - fault.at < settleTime) return true;
      this.#harmless.set(fault.kind, (this.#harmless.get(fault.kind) ?? 0) + 1);
      return false;
    });
  }
}
