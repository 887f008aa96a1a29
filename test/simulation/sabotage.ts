/** Faults put into the orchestra on purpose, to see whether the simulation finds them. */
import type { TaskRecord } from '../../src/tasks/task-record.ts';
import type { TaskStore } from '../../src/tasks/task-store.ts';

export const sabotages = {
  cas: 'The buckets store whatever the expected revision is.',
  ledger: 'The mailbox does not remember what it has handled.',
  lease: 'No lease is ever renewed by its holder.',
  fencing: 'Whoever finishes a task is believed, whatever its token.',
  blockers: 'Tasks are planned without regard to their blockers.',
  watchdog: 'Nobody restarts an agent that has fallen silent.',
  acknowledge: 'Messages are acknowledged before they are handled.',
} as const;

export type Sabotage = keyof typeof sabotages;

export const isSabotage = (name: string): name is Sabotage => Object.hasOwn(sabotages, name);

/** Wrongs the task store, where that is where the fault is. */
export function sabotageTasks(tasks: TaskStore, sabotage: Sabotage | undefined): void {
  const { apply, unfinished } = tasks;
  if (sabotage === 'lease') {
    tasks.apply = async (id, event) => {
      const task = tasks.get(id);
      const isEarly = event.type === 'renew' && (task?.claim?.leaseUntil ?? 0) > Date.now();
      return isEarly ? { taken: false, task } : Reflect.apply(apply, tasks, [id, event]);
    };
  }
  if (sabotage === 'fencing') {
    tasks.apply = (id, event) => {
      const { token, claim } = tasks.get(id) ?? {};
      const forged = event.type === 'finish' && claim && token !== undefined ? { ...event, token } : event;
      return Reflect.apply(apply, tasks, [id, forged]);
    };
  }
  if (sabotage === 'blockers') {
    tasks.unfinished = function* () {
      for (const task of Reflect.apply(unfinished, tasks, []) as Iterable<TaskRecord>)
        yield { ...task, issue: { ...task.issue, blockedBy: [] } };
    };
  }
}
