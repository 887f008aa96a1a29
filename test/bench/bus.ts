/**
 * Bus: from the call that publishes to the mailbox's handler, and how many messages a second go through when they come
 * all at once, beside bare nats.js over the same stream with the same consumer settings. The two take turns in one run.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { barePath, orchestraPath, type Path, prepareStreams } from './bus-paths.ts';
import { launchServer } from './nats-server.ts';
import { median, percentile } from './percentiles.ts';
import { milliseconds, printTable } from './table.ts';

const rounds = 6;
/** Messages a round: one after another with a pause, and all at once. */
const single = 200;
const many = 500;
/** Between two single messages, so that the acknowledgement of the one does not hold up the next, in ms. */
const pause = 4;

interface Measured {
  readonly latencies: number[];
  /** Messages a second, one value a round. */
  readonly rates: number[];
}

export async function bus(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ob-'));
  const server = await launchServer(folder, ['kaede', 'sakura']);
  try {
    await prepareStreams(server);
    const receivers = [new Receiver(), new Receiver()] as const;
    const paths = [
      await barePath(server, 'sakura', receivers[0].handle),
      await orchestraPath(server, 'kaede', receivers[1].handle),
    ] as const;
    const measured = paths.map((): Measured => ({ latencies: [], rates: [] }));
    // The first round warms up and does not count.
    for (let round = 0; round <= rounds; round += 1) {
      for (const [index, path] of paths.entries()) {
        const receiver = receivers[index === 0 ? 0 : 1];
        const latencies = await measureLatencies(path, receiver);
        const rate = await measureRate(path, receiver);
        await path.trim();
        if (round === 0) continue;
        measured[index]?.latencies.push(...latencies);
        measured[index]?.rates.push(rate);
      }
    }
    for (const path of paths) await path.close();
    print(paths, measured);
  } finally {
    await server.stop(5_000);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Lets the sender wait for what arrives; one round trip is under way at a time, or one batch. */
class Receiver {
  #awaited = 0;
  #arrived: (at: number) => void = () => {};

  readonly handle = (): void => {
    this.#awaited -= 1;
    if (this.#awaited === 0) this.#arrived(performance.now());
  };

  /** Resolves with when the last of the next `count` messages was handed over. */
  after(count: number): Promise<number> {
    this.#awaited = count;
    return new Promise((resolve) => {
      this.#arrived = resolve;
    });
  }
}

async function measureLatencies(path: Path, receiver: Receiver): Promise<number[]> {
  const latencies: number[] = [];
  for (let index = 0; index < single; index += 1) {
    const arrival = receiver.after(1);
    const begun = performance.now();
    const stored = path.publish(`message ${index}`);
    latencies.push((await arrival) - begun);
    await stored;
    await delay(pause);
  }
  return latencies;
}

async function measureRate(path: Path, receiver: Receiver): Promise<number> {
  const arrival = receiver.after(many);
  const begun = performance.now();
  const stored = Array.from({ length: many }, (_, index) => path.publish(`message ${index}`));
  const took = (await arrival) - begun;
  await Promise.all(stored);
  return (many / took) * 1_000;
}

function print(paths: readonly Path[], measured: readonly Measured[]): void {
  const figures = measured.map(({ latencies, rates }) => {
    return { p50: percentile(latencies, 50), p99: percentile(latencies, 99), rate: median(rates) };
  });
  const rows = figures.map(({ p50, p99, rate }, index) => {
    return [paths[index]?.name ?? '', milliseconds(p50), milliseconds(p99), `${Math.round(rate)} /s`];
  });
  const [bare, ours] = figures;
  if (bare && ours) {
    const ratio = (figure: 'p50' | 'p99' | 'rate') => (ours[figure] / bare[figure]).toFixed(2);
    rows.push(['orchestra ÷ bare', ratio('p50'), ratio('p99'), ratio('rate')]);
  }
  const title = `publish → handler (${rounds} rounds of ${single} one by one, and of ${many} at once)`;
  printTable(title, ['', 'p50', 'p99', 'at once, median'], rows);
}
