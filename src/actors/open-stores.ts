/** The buckets that hold what the orchestra knows of tasks and agents. */
import { SessionRecord } from '../adoption/session-record.ts';
import { SessionStore } from '../adoption/session-store.ts';
import { openBucket } from '../bus/bucket.ts';
import type { Bus } from '../bus/bus.ts';
import { proveLedgers } from '../bus/ledger.ts';
import { OutboxRecord } from '../outbox/outbox-record.ts';
import { OutgoingStore } from '../outbox/outgoing-store.ts';
import { Presence, PresenceBoard } from '../tasks/agent-presence.ts';
import { TaskRecord } from '../tasks/task-record.ts';
import { TaskStore } from '../tasks/task-store.ts';
import { outboxBucket, taskBucket, taskBytes } from './store-size.ts';
import type { World } from './world.ts';

/** Room for the outbox: a line for each of 20,000 tasks, and thousands of comments that wait. */
const outboxBytes = 64 * 1024 ** 2;

/** @throws BusError `newer-record` before anything is written, and others */
export async function openStores(
  { ports, tell, log, config, startedAt }: World,
  bus: Bus,
  open = openBucket,
  lostUpTo: (stream: string) => number = () => 0,
): Promise<void> {
  await proveLedgers(bus, open);
  const tasks = await open(bus, taskBucket, {
    schema: TaskRecord,
    maxBytes: taskBytes,
    // The fewest that a bucket keeps: every one of them holds the whole text of the issue.
    history: 4,
  });
  const presence = await open(bus, 'orch_agents', { schema: Presence });
  const onUnstored = (agent: string, error: unknown) => log.error({ agent, err: error }, 'presence.unstored');
  ports.presence.fill(await PresenceBoard.open({ bucket: presence, tell, node: config.node, onUnstored }));
  const sessions = await open(bus, 'orch_sessions', { schema: SessionRecord });
  ports.sessions.fill(
    await SessionStore.open({
      bucket: sessions,
      node: config.node,
      boot: startedAt,
      onUnstored: (agent, error) => log.warn({ agent, err: error }, 'session.unstored'),
    }),
  );
  const outgoing = await open(bus, outboxBucket, { schema: OutboxRecord, maxBytes: outboxBytes });
  const taskStore = await TaskStore.open(tasks, tell, {
    // Each token was a write: where records are lost, no token is higher than the last revision.
    tokenFloor: lostUpTo(`KV_${taskBucket}`),
    onRestored: (records) => tell('node.records.restored', config.node, { bucket: taskBucket, records }),
  });
  ports.outgoing.fill(await OutgoingStore.open(outgoing, lastResults(taskStore)));
  ports.tasks.fill(taskStore);
}

/** The token of each task's newest result; what is under way has none yet. */
function lastResults(tasks: TaskStore): Record<string, number> {
  const results = [...tasks.all()].map(
    ({ issue, token, claim }) => [issue.id, claim ? token - 1 : token] as const,
  );
  return Object.fromEntries(results.filter(([, token]) => token > 0));
}
