/** The first and the last words of `orchestra up`. */
import { resolve, sep } from 'node:path';
import type { World } from '../../actors/world.ts';
import { formatDuration } from '../../config/duration.ts';
import type { OrchestraView } from '../../events/commands.ts';
import { commandName } from '../command-name.ts';

/** How to look, to write and to stop, for somebody who sees lines only. */
export function hints(world: World): string[] {
  const command = commandName();
  const first = world.places.keys().next().value ?? 'NAME';
  return [
    `see the panes   ${command} attach`,
    `write to one    ${command} send ${first} "hello"`,
    `stop            ${command} down, or Ctrl-C`,
  ];
}

/** What to do when the sample has nothing left to show. */
export function sampleIsOver(
  { project, config, state }: Pick<World, 'project' | 'config' | 'state'>,
  { tasks, idle }: Pick<OrchestraView, 'tasks' | 'idle'>,
): string[] {
  const isSample = resolve(project, config.repository).startsWith(state.sample + sep);
  const isOver = idle && tasks.total > 0 && tasks.done + tasks.closed === tasks.total;
  return isSample && isOver ? ['everything is done; `npm start -- --fresh` begins anew'] : [];
}

export function summary({ tasks, startedAt }: OrchestraView): string[] {
  const command = commandName();
  const took = formatDuration(Date.now() - Date.parse(startedAt));
  const lines = [`${tasks.done} of ${tasks.total} tasks done in ${took}`];
  const open = [
    [tasks.failed, 'failed', `${command} tasks --state failed`],
    [tasks.blocked, 'blocked', `${command} tasks --state blocked`],
    [tasks.waiting + tasks.working, 'open', `${command} up goes on with them`],
  ] as const;
  for (const [count, what, where] of open) if (count > 0) lines.push(`${count} ${what} (${where})`);
  return lines;
}
