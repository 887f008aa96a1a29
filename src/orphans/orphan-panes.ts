/** Panes in our tmux server that were made for an agent and that nobody watches; those without our mark are people's own. */
import { agentOption } from '../adoption/judge.ts';
import { markVariable } from '../agents/agent-place.ts';
import { endMarkedProcesses } from '../processes/end-marked-processes.ts';
import { processStartTime } from '../processes/process-start-time.ts';
import { readMarks } from '../processes/process-table.ts';
import type { PaneId } from '../tmux/pane-id.ts';
import { runMark, runOption, type Tmux } from '../tmux/tmux.ts';
import { TmuxError } from '../tmux/tmux-error.ts';
import type { Belonging } from './belonging.ts';
import type { FoundOrphan, Refusal } from './orphan.ts';

export interface PaneOwners {
  /** What our agents' marks begin with, up to their names. */
  readonly mark: string;
  belongs(agent: string): Belonging;
  /** The pane that is watched for the agent; undefined while it has none, and then none of its panes is judged. */
  paneOf(agent: string): PaneId | undefined;
}

/** Time for a program to end by itself before it is killed, in ms. */
const grace = 2_000;

/** A pane that says it is an agent's, and in which something runs that was not started for that agent, is a person's. */
export async function findOrphanPanes(tmux: Tmux, owners: PaneOwners): Promise<FoundOrphan[]> {
  const found: FoundOrphan[] = [];
  const panes = await tmux.listPanes([agentOption, runOption]);
  const marks = await readMarks(markVariable, `${owners.mark}.`);
  for (const { pane, options, dead, pid } of panes) {
    const agent = options[agentOption];
    if (agent === undefined) continue;
    // tmux may not have noticed yet that it is dead.
    const isEmpty = dead || (await processStartTime(pid)) === undefined;
    if (!isEmpty && marks.get(pid) !== `${owners.mark}.${agent}`) continue;
    const why = whyOrphan(pane, agent, owners);
    if (why === undefined) continue;
    const run = options[runOption];
    found.push({
      orphan: { kind: 'pane', id: pane, why, remedy: 'removed' },
      identity: `pane ${tmux.serverPid} ${pane} ${agent}`,
      async clean(): Promise<Refusal | undefined> {
        if (whyOrphan(pane, agent, owners) === undefined) return { why: `${agent} has taken it up` };
        if (run !== undefined) await endMarkedProcesses(runMark, run, { graceMs: grace });
        await removePane(tmux, pane);
        return undefined;
      },
    });
  }
  return found;
}

function whyOrphan(pane: PaneId, agent: string, { belongs, paneOf }: PaneOwners): string | undefined {
  const belonging = belongs(agent);
  if (!belonging.belongs) return belonging.why;
  const watched = paneOf(agent);
  return watched === undefined || watched === pane ? undefined : `${agent} lives in ${watched}`;
}

/** Not its window: a person may have split that. */
async function removePane(tmux: Tmux, pane: PaneId): Promise<void> {
  try {
    await tmux.killPane(pane);
  } catch (error) {
    if (!(error instanceof TmuxError) || error.code !== 'no-pane') throw error;
  }
}
