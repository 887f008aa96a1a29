/** Damage to what is stored: a record that nobody can read, a block of a stream with bytes overwritten or its end torn off. */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Damage } from '../damage.ts';
import { agentNames, type Ground } from '../ground.ts';
import type { Fault, Orchestra } from '../orchestra.ts';
import { isAlive, natsServerPid, signal } from '../processes.ts';
import { pickAt } from '../random.ts';
import { withStore } from '../with-store.ts';
import { readBlock, type StoredRecord } from './stream-block.ts';

/** What stands where a record was: the beginning of one, as a version of the future or a torn write would leave it. */
const garbage = '{"version":';

/** The daemon is killed, a nats-server of our own writes garbage over one record, and the daemon may come again. */
export const corruptRecord: Fault = async ({ ground, keeper, witness }, { pick, turn }) => {
  const open =
    (await witness.ask('tasks', {}))?.filter(({ state }) => state !== 'done').map(({ id }) => id) ?? [];
  const [bucket, key, damage] = pickRecord(open, pick, turn);
  await keeper.hold();
  await withStore(ground.state.nats, (bus) => bus.publish(`$KV.${bucket}.${key}`, garbage));
  keeper.start();
  return { target: `${bucket}/${key}`, since: Date.now(), isAnswered: () => keeper.pid !== 0, damage };
};

function pickRecord(open: readonly string[], pick: number, turn: number): [string, string, Damage] {
  const agent = pickAt(agentNames, pick);
  const records: [string, string, Damage][] = [
    ['orch_ledger', agent, { ledgers: [agent] }],
    ['orch_agents', agent, {}],
    ['orch_sessions', agent, {}],
  ];
  if (open.length > 0) {
    const id = pickAt(open, pick);
    records.push(['orch_tasks', id, { tasks: [id] }]);
  }
  return pickAt(records, (turn % records.length) / records.length);
}

/** The streams whose newest block is damaged, and what goes with the records in it. */
const streams: Record<string, (records: readonly StoredRecord[]) => Damage> = {
  ORCH_EVENTS: (records) => ({
    facts: { from: records[0]?.sequence ?? 0, to: records.at(-1)?.sequence ?? 0 },
  }),
  ORCH_TRANSITIONS: () => ({}),
  KV_orch_tasks: (records) => ({ tasks: keysOf(records) }),
  KV_orch_ledger: (records) => ({ ledgers: keysOf(records) }),
  KV_orch_agents: () => ({}),
  KV_orch_sessions: () => ({}),
  KV_orch_outbox: () => ({}),
};

/**
 * nats-server is killed while the daemon stands still, so that nobody starts it again meanwhile. Everything in the block
 * from the damaged place on may be lost: nats-server gives up a block from the first record that it cannot verify.
 */
export const corruptBlock: Fault = async (orchestra, { turn, variant }) => {
  const { ground, keeper } = orchestra;
  const server = await natsServerPid(ground);
  if (server === undefined || keeper.pid === 0) return { skipped: 'no nats-server runs' };
  const names = Object.keys(streams);
  const stream = pickAt(names, (turn % names.length) / names.length);
  const file = await newestBlock(ground, stream);
  if (file === undefined) return { skipped: `${stream} has no block` };
  keeper.kill('SIGSTOP');
  signal(server, 'SIGKILL');
  await untilGone(server);
  try {
    const { records, isTorn } = await damageBlock(file, variant);
    const damage = streams[stream]?.(records) ?? {};
    const target = `${stream} (${isTorn ? 'end torn off' : 'overwritten'}, ${records.length} records)`;
    return { target, since: Date.now(), isAnswered: () => isServerBack(orchestra, server), damage };
  } finally {
    keeper.kill('SIGCONT');
  }
};

/** Somewhere in the last quarter, as what was written last is what a crash damages. */
async function damageBlock(
  file: string,
  variant: number,
): Promise<{ records: StoredRecord[]; isTorn: boolean }> {
  const block = await open(file, 'r+');
  try {
    const content = await block.readFile();
    const place = Math.floor(content.length * (0.75 + 0.25 * ((variant * 2) % 1)));
    const isTorn = variant < 0.5;
    if (isTorn) await block.truncate(place);
    else await block.write(Buffer.alloc(16, 0xa5), 0, 16, Math.max(0, Math.min(place, content.length - 16)));
    const records = readBlock(content).filter(({ end }) => end > place - 16);
    return { records, isTorn };
  } finally {
    await block.close();
  }
}

/** Undefined when nothing is stored. */
async function newestBlock({ state }: Ground, stream: string): Promise<string | undefined> {
  const folder = join(state.nats, 'jetstream', 'jetstream', 'ORCH', 'streams', stream, 'msgs');
  const numbers = (await readdir(folder).catch(() => []))
    .filter((name) => /^\d+\.blk$/.test(name))
    .map((name) => Number.parseInt(name, 10));
  return numbers.length === 0 ? undefined : join(folder, `${Math.max(...numbers)}.blk`);
}

const isServerBack = async ({ ground }: Orchestra, before: number): Promise<boolean> => {
  const now = await natsServerPid(ground);
  return now !== undefined && now !== before;
};

/** The last token of a bucket's subject is the key. */
const keysOf = (records: readonly StoredRecord[]): string[] => [
  ...new Set(records.map(({ subject }) => subject.split('.').at(-1) ?? '')),
];

async function untilGone(pid: number | undefined): Promise<void> {
  while (pid !== undefined && (await isAlive(pid))) await pause(10);
}
