/** Backups while messages are sent and handled: each of them holds a state that may have been. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { restoreBackup } from '../../src/backup/restore-backup.ts';
import { withOwnServer } from '../../src/backup/store-access.ts';
import { writeBackup } from '../../src/backup/write-backup.ts';
import type { Bus } from '../../src/bus/bus.ts';
import { openMailbox } from '../../src/bus/mailbox.ts';
import { readInbox } from '../../src/bus/read-inbox.ts';
import { keptHandled, orchestraStreams } from '../../src/bus/stream-definitions.ts';
import { ensureStreams } from '../../src/bus/streams.ts';
import { createStateFolder, stateFolder } from '../../src/state-folder/state-folder.ts';
import { Arrivals } from '../bus/real-bus.ts';
import { waitUntil } from '../daemon/wait-until.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orch-'));
  await execa('git', ['init', '-q', join(folder, 'repository')]);
  await writeFile(join(folder, 'orchestra.yaml'), 'agents: {}\n');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (name: string) => ({ state: stateFolder(join(folder, name)), server: undefined });
const repository = () => join(folder, 'repository');

/** What is known for certain of the moment at which a backup was begun. */
interface Moment {
  file: string;
  sent: string[];
  handled: string[];
}

test('no message is lost, and none that was handled is handled again', { timeout: 180_000 }, async () => {
  await createStateFolder(at('state').state);
  const sent: string[] = [];
  const handled: string[] = [];
  /** One for each message that may be sent: together fewer than an inbox keeps when they are handled. */
  const leave = new Arrivals<true>();
  const allow = (count: number) => {
    for (let more = 0; more < count; more += 1) leave.add(true);
  };
  const moments = await withOwnServer(at('state'), async (bus) => {
    await ensureStreams(bus, orchestraStreams({ eventSubjects: ['orchestra.task.*.x'] }));
    const over = new AbortController();
    const sending = send(bus, sent, leave, over.signal);
    const mailbox = await handleAll(bus, handled);
    const taken: Moment[] = [];
    for (let number = 0; number < 3; number += 1) {
      allow(20);
      await waitUntil('more messages', () => handled.length > number * 50);
      const file = join(folder, `${number}.tar.gz`);
      taken.push({ file, sent: [...sent], handled: [...handled] });
      await backUp(bus, file, () => allow(3));
    }
    over.abort();
    allow(1);
    await sending;
    expect(sent.length).toBeLessThan(keptHandled);
    await mailbox.close();
    return taken;
  });

  for (const [number, moment] of moments.entries()) {
    const target = at(`restored-${number}`);
    const { file } = moment;
    await restoreBackup({ ...target, file, repository: repository(), onProgress: () => {} });
    await withOwnServer(target, async (bus) => {
      const stored = (await readInbox(bus, 'kaede', { limit: 100_000 })).map(({ text }) => text);
      expect(stored).toEqual(expect.arrayContaining(moment.sent));
      const again: string[] = [];
      const mailbox = await handleAll(bus, again);
      await bus.publish('orchestra.agent.kaede.inbox', 'the last one');
      await waitUntil(
        'the last message',
        () => again.at(-1) === 'the last one',
        () => again.slice(-3),
      );
      await mailbox.close();
      expect(again.filter((text) => moment.handled.includes(text))).toEqual([]);
      expect(new Set(again).size).toBe(again.length);
      const inTheEnd = new Set([...handled, ...again]);
      expect(stored.filter((text) => !inTheEnd.has(text))).toEqual([]);
    });
  }
});

async function send(bus: Bus, sent: string[], leave: Arrivals<true>, signal: AbortSignal): Promise<void> {
  for (let number = 0; ; number += 1) {
    await leave.until((items) => items.length > number);
    if (signal.aborted) return;
    await bus.publish('orchestra.agent.kaede.inbox', `message ${number}`, { id: `id-${number}` });
    sent.push(`message ${number}`);
  }
}

const handleAll = (bus: Bus, handled: string[]) =>
  openMailbox(bus, {
    agent: 'kaede',
    handler: ({ text }) => {
      handled.push(text);
      return 'handled';
    },
  });

const backUp = (bus: Bus, file: string, onProgress: () => void) =>
  writeBackup({
    bus,
    file,
    config: join(folder, 'orchestra.yaml'),
    git: { repository: repository(), worktrees: join(folder, 'state/worktrees') },
    product: '0.1.0',
    node: 'local',
    onProgress,
  });
