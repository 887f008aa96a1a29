/** The journal of a real daemon whose nats-server, bus and journal are killed: every life is recorded without a gap. */
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readEvents } from '../../src/bus/read-events.ts';
import { transitionStream } from '../../src/bus/stream-definitions.ts';
import type { RecordedTransition } from '../../src/journal/journal-page.ts';
import { readTransitions } from '../../src/journal/read-transitions.ts';
import { OrchestraProject } from '../daemon/orchestra-project.ts';
import '../daemon/patient.ts';
import { waitUntil } from '../daemon/wait-until.ts';

let project: OrchestraProject;
beforeAll(async () => {
  project = await OrchestraProject.create({
    agents: { kaede: { roles: ['codegen'], adapter: 'command', mode: 'task', command: ['true'] } },
    // A machine that stands still for a moment must not cost the last transitions.
    config: { shutdown: { timeout: '60s' } },
  });
  await project.up();
});
afterAll(() => project.remove());

async function recorded(): Promise<RecordedTransition[]> {
  const found: RecordedTransition[] = [];
  for await (const one of readTransitions(project.bus, { from: new Date(0) })) found.push(one);
  return found;
}

const starts = (all: readonly RecordedTransition[], path: string) =>
  all.filter((one) => one.path === path && one.from === null).length;

/** Kills a child in its life of this number; resolves when the next one is open, as the journal tells, which lags behind. */
async function killChild(path: string, life: number): Promise<void> {
  await waitUntil(`${path} to be in life ${life}`, async () => starts(await recorded(), path) === life);
  await project.cli(['tree', 'kill', path]);
  await waitUntil(`${path} to be back`, async () => starts(await recorded(), path) > life);
}

/** A task is worked off, which is a good deal of transitions. */
async function work(id: string): Promise<void> {
  await project.writeIssue(`${id}-issue`, { title: `Issue ${id}` });
  await project.fact(`task ${id} done`, ({ name, about }) => name === 'task.completed' && about === id);
}

/** What the clock does and what changes nothing is left out, so their lives have gaps. */
const withGaps = new Set(['reconciler', 'scheduler', 'stall']);

function expectGapless(all: readonly RecordedTransition[]): void {
  const latest = new Map<string, RecordedTransition>();
  for (const one of all) {
    const life = `${one.boot} ${one.life}`;
    const before = latest.get(life);
    latest.set(life, one);
    if (withGaps.has(one.machine)) continue;
    if (!isDeepStrictEqual(one.from, before?.to ?? null))
      throw new Error(`a gap or a double: ${JSON.stringify([before, one], null, 1)}`);
  }
}

test('nothing is lost, doubled or out of order; an orderly end is recorded too', async () => {
  await work('1');
  await killChild('broker/journal', 1);
  await killChild('broker/natsServer', 1);
  await work('2');
  await killChild('broker/bus', 2);
  await killChild('broker/journal', 4);
  await work('3');
  project.daemon.kill('SIGTERM');
  await project.daemon.ended;
  await project.up();
  await work('4');
  const all = await waitUntil('the second boot', async () => {
    const found = await recorded();
    return new Set(found.map(({ boot }) => boot)).size === 2 && found;
  });

  expectGapless(all);
  const [first] = new Set(all.map(({ boot }) => boot));
  const firstBoot = all.filter(({ boot }) => boot === first);
  expect(starts(firstBoot, 'broker/natsServer')).toBe(2);
  expect(starts(firstBoot, 'broker/bus')).toBe(3);
  expect(starts(firstBoot, 'broker/journal')).toBe(5);
  expect(firstBoot.findLast(({ path }) => path === 'ensemble')?.status).toBe('done');
  expect(all.every(({ missing }) => missing === undefined)).toBe(true);
  expect(all.map(({ at }) => at)).toEqual(all.map(({ at }) => at).sort((a, b) => a - b));

  const sequences: [string, number][] = [];
  for await (const { body } of readEvents(project.bus, { stream: transitionStream })) {
    const { boot, sequence } = body as { boot: string; sequence: number };
    sequences.push([boot, sequence]);
  }
  for (const boot of new Set(sequences.map(([name]) => name))) {
    const own = sequences.filter(([name]) => name === boot).map(([, sequence]) => sequence);
    expect(own).toEqual(own.map((_, index) => index + 1));
  }
});

test('a stream that somebody deletes is made again, and the journal goes on', async () => {
  await project.bus.connection.manager.streams.delete(transitionStream);
  await work('5');
  await waitUntil('the journal after it', async () => {
    const found = await recorded().catch(() => []);
    return found.some(({ path, from }) => path === 'broker/journal' && from === null);
  });
});
