/** Where a running daemon looks for orphans, and how it tells what belongs to whom. */
import { markPrefix } from '../agents/agent-place.ts';
import { type Belonging, owned, ownerless } from '../orphans/belonging.ts';
import { findLeftOverFiles } from '../orphans/left-over-files.ts';
import { findOrphanGroups } from '../orphans/orphan-groups.ts';
import { findOrphanLeases } from '../orphans/orphan-leases.ts';
import { findOrphanPanes } from '../orphans/orphan-panes.ts';
import { findOrphanProcesses } from '../orphans/orphan-processes.ts';
import { findOrphanServers } from '../orphans/orphan-servers.ts';
import { findOrphanWorktrees } from '../orphans/orphan-worktrees.ts';
import { findStaleGitLocks } from '../orphans/stale-git-locks.ts';
import type { Finder } from '../orphans/sweep.ts';
import { isOver } from '../tasks/task-record.ts';
import type { World } from './world.ts';

/** What cannot be judged now, because the part of the daemon that knows is down, is left for a later look. */
export function orphanFinders(world: World): Finder[] {
  const { ports, state, config } = world;
  const mark = markPrefix(state.root);
  const belongs = (agent: string) => agentBelongs(world, agent);
  const paneOf = (agent: string) => world.places.get(agent)?.pane.peek();
  const holds = (agent: string, task: string) => isHeld(world, agent, task);
  const needs = (task: string) => isNeeded(world, task);
  const processes = () => ({ mark, belongs, controlGroups: ports.controlGroups.peek() });
  return [
    () =>
      findOrphanServers({
        state,
        mark,
        daemon: process.pid,
        tmuxServer: () => ports.tmux.peek()?.serverPid,
      }),
    () => findOrphanProcesses(processes()),
    () => findOrphanGroups(processes()),
    async () => {
      const tmux = ports.tmux.peek();
      return tmux ? findOrphanPanes(tmux, { mark, belongs, paneOf }) : [];
    },
    () => {
      const tasks = ports.tasks.peek();
      return tasks && ports.presence.peek() ? findOrphanLeases(tasks, { node: config.node, holds }) : [];
    },
    async () => {
      const worktrees = ports.worktrees.peek();
      if (worktrees === undefined) return [];
      const inventory = await worktrees.inventory();
      // Before the tracker was read, a task may only be unknown yet.
      const isEverybodyKnown = world.trackerRead && ports.tasks.peek() && ports.presence.peek();
      const work = isEverybodyKnown ? await findOrphanWorktrees({ worktrees, needs }, inventory) : [];
      return [...(await findStaleGitLocks(inventory)), ...work];
    },
    () => findLeftOverFiles(state, true),
  ];
}

function agentBelongs(world: World, agent: string): Belonging {
  if (!world.places.has(agent)) return ownerless(`there is no agent ${agent}`);
  const availability = world.ports.presence.peek()?.get(agent)?.availability;
  return availability === 'quarantined' ? ownerless(`${agent} is in quarantine`) : owned;
}

/** One that starts has still to find out what it holds. */
function isHeld(world: World, agent: string, task: string): Belonging {
  const belonging = agentBelongs(world, agent);
  if (!belonging.belongs) return belonging;
  const present = world.ports.presence.peek()?.get(agent);
  if (present === undefined || present.availability === 'starting' || present.task === task) return owned;
  const doing = present.task === undefined ? `is ${present.availability}` : `works on task ${present.task}`;
  return ownerless(`${agent}, who holds it, ${doing}`);
}

function isNeeded(world: World, id: string): Belonging {
  const task = world.ports.tasks.peek()?.get(id);
  const isWorkedOn = [...world.places.keys()].some(
    (agent) => world.ports.presence.peek()?.get(agent)?.task === id,
  );
  if (isWorkedOn) return owned;
  if (task === undefined) return ownerless(`there is no task ${id}`);
  return isOver(task) ? ownerless(`task ${id} is ${task.state}`) : owned;
}
