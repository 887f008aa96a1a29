/** The agents as people see them: configuration and presence put together. */
import type { AgentView } from '../events/commands.ts';
import { stageOf } from '../tasks/task-record.ts';
import type { World } from './world.ts';

export function agentViews(world: World): AgentView[] {
  const presence = world.ports.presence.peek();
  return [...world.places.values()].map(({ name, config }) => {
    const present = presence?.get(name);
    const task = present?.task === undefined ? undefined : world.ports.tasks.peek()?.get(present.task);
    return {
      name,
      title: config.title,
      symbol: config.symbol,
      roles: config.roles,
      availability: present?.availability ?? 'starting',
      since: present?.since ?? world.startedAt,
      task: present?.task,
      taskTitle: task?.issue.title,
      stage: task && stageOf(task),
      pane: present?.pane,
      doing: present?.doing,
      reason: present?.reason,
      until: present?.availability === 'quarantined' ? present.quarantine?.until : undefined,
    };
  });
}
