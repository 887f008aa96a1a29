/** All tasks, page by page: one answer on the bus holds some hundreds. */
import type { Bus } from '../bus/bus.ts';
import type { CommandRequest, TaskSummary } from '../events/commands.ts';
import { ask } from './ask.ts';

/** Up to `limit`. Tasks that move while a long list is read are in it once, or not at all. @throws BusError */
export async function listTasks(
  bus: Bus,
  { state, limit = Number.POSITIVE_INFINITY }: Pick<CommandRequest<'tasks'>, 'state' | 'limit'>,
): Promise<TaskSummary[]> {
  const found = new Map<string, TaskSummary>();
  let after: string | undefined;
  while (found.size < limit) {
    const page = await ask(bus, 'tasks', { state, after });
    const known = found.size;
    for (const task of page) found.set(task.id, task);
    if (found.size === known) break;
    after = page.at(-1)?.id;
  }
  return [...found.values()].slice(0, limit);
}
