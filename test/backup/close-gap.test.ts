/** A consumer that is ahead of its restored stream gets the next message all the same. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { closeGap } from '../../src/backup/close-gap.ts';
import type { StreamEntry } from '../../src/backup/manifest.ts';
import { withOwnServer } from '../../src/backup/store-access.ts';
import { orchestraStreams } from '../../src/bus/stream-definitions.ts';
import { ensureStreams } from '../../src/bus/streams.ts';
import { createStateFolder, stateFolder } from '../../src/state-folder/state-folder.ts';
import { patientManager } from '../bus/real-bus.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(`${tmpdir()}/orch-gap-`);
  await createStateFolder(stateFolder(folder));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('sequences that it has had are used up, and leave nothing behind', async () => {
  await withOwnServer({ state: stateFolder(folder), server: undefined }, async (bus) => {
    const manager = await patientManager(bus);
    const look = async () => (await manager.streams.info('ORCH_INBOX')).state;
    const send = (text: string) => bus.publish('orchestra.agent.kaede.inbox', text);
    await ensureStreams(bus, orchestraStreams({ eventSubjects: ['orchestra.task.*.x'] }));
    for (const text of ['one', 'two', 'three']) await send(text);
    // It counts all before its first as delivered.
    const ahead = { deliver_policy: 'by_start_sequence', opt_start_seq: 10, ack_policy: 'explicit' } as const;
    await manager.consumers.add('ORCH_INBOX', { ...ahead, durable_name: 'kaede' });
    const entry: StreamEntry = {
      name: 'ORCH_INBOX',
      config: { ...(await manager.streams.info('ORCH_INBOX')).config },
      messages: 3,
      firstSequence: 1,
      lastSequence: 3,
      consumers: 1,
    };
    await closeGap(bus, entry);
    expect(await look()).toMatchObject({ messages: 3, last_seq: 9 });
    await closeGap(bus, entry);
    expect((await send('four')).sequence).toBe(10);
    const kaede = await manager.jetstream().consumers.get('ORCH_INBOX', 'kaede');
    expect(await kaede.next({ expires: 30_000 })).toMatchObject({ seq: 10 });
  });
});
