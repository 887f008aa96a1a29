/** What a daemon that does not run any more has left, as far as it can be judged without the store. */
import { resolve } from 'node:path';
import { markPrefix, markVariable } from '../../agents/agent-place.ts';
import type { Config } from '../../config/config.ts';
import { readConfig } from '../../config/read-config.ts';
import { controlGroupsName } from '../../daemon/settle-processes.ts';
import { type Belonging, owned, ownerless } from '../../orphans/belonging.ts';
import { findLeftOverFiles } from '../../orphans/left-over-files.ts';
import { findOrphanGroups } from '../../orphans/orphan-groups.ts';
import { findOrphanProcesses } from '../../orphans/orphan-processes.ts';
import { findOrphanServers } from '../../orphans/orphan-servers.ts';
import { findStaleGitLocks } from '../../orphans/stale-git-locks.ts';
import { Sweep } from '../../orphans/sweep.ts';
import { openControlGroups } from '../../processes/control-groups.ts';
import { listProcesses, readMarks } from '../../processes/process-table.ts';
import { relatedIn } from '../../processes/related-processes.ts';
import type { StateFolder } from '../../state-folder/state-folder.ts';
import { errorText } from '../../supervision/reason-text.ts';
import { recallServer } from '../../tmux/server-record.ts';
import { openWorktrees } from '../../worktrees/open-worktrees.ts';
import { counted } from '../counted.ts';
import { type GlobalOptions, placeOfConfig } from '../find-state.ts';

export interface Leftovers {
  sweep: Sweep;
  controlGroup: { folder?: string | undefined; reason?: string | undefined };
  /** For people: what is no orphan, and what cannot be judged. */
  notes: readonly string[];
  /** Why some kinds could not be looked for; filled by the sweep. */
  problems: readonly string[];
  /** Removes what looking has made. */
  close(): void;
}

/** Agents that live on in their panes wait for the next daemon, and are no orphans. */
export async function openLeftovers(
  options: GlobalOptions,
  state: StateFolder,
  gapMs: number,
): Promise<Leftovers> {
  const { file, project } = await placeOfConfig(options);
  const config = await readConfig(file);
  const mark = markPrefix(state.root);
  const groups = await openControlGroups({
    name: controlGroupsName(state.root),
    recordFile: state.controlGroups,
    mode: config.processes.cgroup,
    passing: true,
  });
  const server = await recallServer(state.tmuxRun);
  const living = server === undefined ? new Set<string>() : await agentsBelow(server.pid, mark);
  const belongs = (agent: string) => judge(agent, config, living);
  const owners = { mark, belongs, controlGroups: groups };
  const worktrees = await openWorktrees({
    repository: resolve(project, config.repository),
    directory: state.worktrees,
  });
  const problems: string[] = [];
  const sweep = new Sweep({
    gapMs,
    onProblem: (error) => problems.push(errorText(error)),
    finders: [
      () => findOrphanServers({ state, mark, daemon: undefined, tmuxServer: () => server?.pid ?? 'none' }),
      () => findOrphanProcesses(owners),
      () => findOrphanGroups(owners),
      async () => findStaleGitLocks(await worktrees.inventory()),
      () => findLeftOverFiles(state, false),
    ],
  });
  const inventory = await worktrees.inventory();
  return {
    sweep,
    controlGroup: groups,
    problems,
    notes: notesOn(server?.pid, living, inventory.worktrees.length, inventory.branches.length),
    close: () => groups.close(),
  };
}

function judge(agent: string, config: Config, living: ReadonlySet<string>): Belonging {
  if (!Object.hasOwn(config.agents, agent)) return ownerless(`there is no agent ${agent}`);
  return living.has(agent) ? owned : ownerless(`${agent}'s daemon and pane are gone`);
}

/** The agents in whose panes something lives. */
async function agentsBelow(server: number, mark: string): Promise<Set<string>> {
  const marks = await readMarks(markVariable, `${mark}.`);
  const below = relatedIn(await listProcesses(), [server]);
  const names = below.map(({ pid }) => marks.get(pid)?.slice(mark.length + 1));
  return new Set(names.filter((name) => name !== undefined));
}

function notesOn(
  server: number | undefined,
  living: ReadonlySet<string>,
  worktrees: number,
  branches: number,
): string[] {
  const notes: string[] = [];
  if (server !== undefined) {
    const agents = living.size === 0 ? '' : ` with ${[...living].join(', ')}`;
    notes.push(`the tmux server ${server}${agents} lives on; \`orchestra up\` takes it over`);
  }
  if (worktrees + branches > 0)
    notes.push(
      `${counted(worktrees, 'worktree')} and ${counted(branches, 'task branch', 'task branches')}: only a running daemon can tell whether they, and leases, are needed`,
    );
  return notes;
}
