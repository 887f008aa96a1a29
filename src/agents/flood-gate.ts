/** Keeps one agent's reports from taking the daemon's time from the others: a burst is taken, a flood is not. */
import { ReportRefusedError } from './report-desk.ts';

export interface FloodGateOptions {
  /** Hears at most once in a `period` that reports were refused, and how many since it heard last. */
  onFlooding: (refused: number) => void;
  /** Reports that are taken at once, however fast they come. Default 100. */
  burst?: number;
  /** Reports a second that are taken in the long run. Default 20. */
  rate?: number;
  /** In ms; default one minute. */
  period?: number;
  /** Milliseconds that only go forward. */
  now?: () => number;
}

/** A bucket of tokens: https://en.wikipedia.org/wiki/Token_bucket */
export class FloodGate {
  readonly #options: Required<FloodGateOptions>;
  #tokens: number;
  #filledAt: number;
  #toldAt: number | undefined;
  #refused = 0;

  constructor({ burst = 100, rate = 20, period = 60_000, now = monotonic, onFlooding }: FloodGateOptions) {
    this.#options = { burst, rate, period, now, onFlooding };
    this.#tokens = burst;
    this.#filledAt = now();
  }

  /** @throws ReportRefusedError `slow-down` */
  pass(): void {
    const { burst, rate, now } = this.#options;
    const at = now();
    this.#tokens = Math.min(burst, this.#tokens + ((at - this.#filledAt) / 1_000) * rate);
    this.#filledAt = at;
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      return;
    }
    this.#refused += 1;
    this.#tell(at);
    throw new ReportRefusedError('slow-down', `slow down: no more than ${rate} reports a second are taken`);
  }

  #tell(at: number): void {
    const { period, onFlooding } = this.#options;
    if (this.#toldAt !== undefined && at - this.#toldAt < period) return;
    this.#toldAt = at;
    onFlooding(this.#refused);
    this.#refused = 0;
  }
}

const monotonic = (): number => performance.now();
