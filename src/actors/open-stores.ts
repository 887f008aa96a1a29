/** The buckets that hold what the orchestra knows of tasks and agents. */
import { openBucket } from '../bus/bucket.ts';
import type { Bus } from '../bus/bus.ts';
import { Presence, PresenceBoard } from '../tasks/agent-presence.ts';
import { TaskRecord } from '../tasks/task-record.ts';
import { TaskStore } from '../tasks/task-store.ts';
import type { World } from './world.ts';

/** Room for the tasks: 20,000 issues of 8 KiB with the revisions that are kept of each, and some to spare. */
const taskBytes = 1024 ** 3;

export async function openStores({ ports, tell, log, config }: World, bus: Bus): Promise<void> {
  const tasks = await openBucket(bus, 'orch_tasks', {
    schema: TaskRecord,
    maxBytes: taskBytes,
    // The fewest that a bucket keeps: every one of them holds the whole text of the issue.
    history: 4,
    onUnreadable: (key, reason) => tell('task.unreadable', key, { reason }),
  });
  const presence = await openBucket(bus, 'orch_agents', {
    schema: Presence,
    onUnreadable: (agent, reason) => log.warn({ agent, reason }, 'presence.unreadable'),
  });
  const onUnstored = (agent: string, error: unknown) => log.error({ agent, err: error }, 'presence.unstored');
  ports.presence.fill(await PresenceBoard.open({ bucket: presence, tell, node: config.node, onUnstored }));
  ports.tasks.fill(await TaskStore.open(tasks, tell));
}
