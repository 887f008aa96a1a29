/** The first and the last words of `orchestra up`. */
import type { World } from '../../actors/world.ts';
import { formatDuration } from '../../config/duration.ts';
import type { OrchestraView } from '../../events/commands.ts';

/** How to look, to write and to stop, for somebody who sees lines only. */
export function hints(world: World): string[] {
  const first = world.places.keys().next().value ?? 'NAME';
  return [
    'see the panes   orchestra attach',
    `write to one    orchestra send ${first} "hello"`,
    'stop            orchestra down, or Ctrl-C',
  ];
}

export function summary(
  { tasks, startedAt }: OrchestraView,
  end: 'stopped' | 'crashed',
  world: World,
): string[] {
  const took = formatDuration(Date.now() - Date.parse(startedAt));
  const lines = [`${tasks.done} of ${tasks.total} tasks done in ${took}`];
  const open = [
    [tasks.failed, 'failed', 'orchestra tasks --state failed'],
    [tasks.blocked, 'need a person', 'orchestra tasks --state blocked'],
    [tasks.waiting + tasks.working, 'open', 'orchestra up goes on with them'],
  ] as const;
  for (const [count, what, where] of open) if (count > 0) lines.push(`${count} ${what} (${where})`);
  if (end === 'crashed') lines.push(`The orchestra gave up; its log says why: ${world.state.logFile}`);
  return lines;
}
