/**
 * Inspection: what one event of one machine costs with no inspector, with one that does nothing, and with the hub while
 * nobody, one or three pages look on. Every variant in turn, several rounds in one run; processor time, medians.
 */
import type { InspectionEvent } from 'xstate';
import { InspectionHub } from '../../src/inspection/hub.ts';
import { costOf, startSubject } from './inspect-subject.ts';
import { openViewers } from './inspect-viewers.ts';
import { median } from './percentiles.ts';
import { printTable } from './table.ts';

const rounds = 5;
const sizes = [0, 2, 20];

interface Variant {
  readonly name: string;
  /** Undefined: no inspector. */
  readonly hub?: InspectionHub;
  readonly inspect?: (event: InspectionEvent) => void;
  readonly viewers: number;
}

export async function inspect(): Promise<void> {
  const columns = sizes.flatMap((size) => [`stay, ${size} KB`, `move, ${size} KB`]);
  const costs = new Map(variants().map(({ name }) => [name, columns.map((): number[] => [])]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const variant of variants()) {
      const measured = await measure(variant);
      // The first round warms up.
      if (round === 0) continue;
      for (const [column, cost] of measured.entries()) costs.get(variant.name)?.[column]?.push(cost);
    }
  }
  const rows = [...costs].map(([name, samples]) => [name, ...samples.map((each) => median(each).toFixed(1))]);
  printTable('inspection: processor time of one event, in µs', ['', ...columns], rows);
}

function variants(): Variant[] {
  const recording = new InspectionHub();
  recording.onTransition(() => undefined);
  const withHub = (name: string, hub: InspectionHub, viewers: number): Variant => ({
    name,
    hub,
    inspect: hub.observer,
    viewers,
  });
  return [
    { name: 'no inspector', viewers: 0 },
    { name: 'an inspector that does nothing', inspect: () => undefined, viewers: 0 },
    withHub('hub, nobody listens', new InspectionHub(), 0),
    withHub('hub, transitions recorded', recording, 0),
    withHub('hub, 1 page open', new InspectionHub(), 1),
    withHub('hub, 3 pages open', new InspectionHub(), 3),
  ];
}

async function measure({ hub, inspect: inspector, viewers }: Variant): Promise<number[]> {
  const open = hub && viewers > 0 ? await openViewers(hub, viewers) : undefined;
  const costs: number[] = [];
  for (const size of sizes) {
    for (const type of ['stay', 'move'] as const) {
      const actor = startSubject(inspector, size);
      costs.push(await costOf(actor, type, open !== undefined));
      actor.stop();
    }
  }
  await open?.end();
  return costs;
}
