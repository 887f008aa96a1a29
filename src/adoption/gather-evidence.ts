/** Looks at tmux, the process table and the agent's folder for what the judgement on an adoption needs. It changes nothing. */
import { readFile } from 'node:fs/promises';
import { type AgentPlace, markVariable } from '../agents/agent-place.ts';
import { taskFiles } from '../agents/task-file.ts';
import { type Assignment, queries } from '../events/commands.ts';
import { findMarkedPids, readProcess } from '../processes/process-table.ts';
import type { TaskStore } from '../tasks/task-store.ts';
import { runMark, runOption, type Tmux } from '../tmux/tmux.ts';
import { agentOption, type Evidence, type LivingHost } from './judge.ts';
import type { SessionRecord } from './session-record.ts';

export interface Surroundings {
  node: string;
  fingerprint: string;
  tmux: Tmux;
  tasks: TaskStore;
}

export async function gatherEvidence(
  record: SessionRecord,
  place: AgentPlace,
  { node, fingerprint, tmux, tasks }: Surroundings,
): Promise<Evidence> {
  const panes = await tmux.listPanes([agentOption, runOption]);
  const pane = panes.find((one) => one.pane === record.pane);
  return {
    agent: place.name,
    node,
    isKept: place.adapter.program !== undefined,
    fingerprint,
    server: tmux.server,
    pane: pane && { ...pane, run: pane.options[runOption] },
    // A dead pane shows the pid of its last process for ever: somebody else's may have it by now.
    host: pane && !pane.dead ? await livingHost(pane.pid, place.mark, record.run ?? '') : undefined,
    task: tasks.get(record.assignment?.task ?? ''),
    assignment: record.assignment ? await writtenAssignment(place.folder) : undefined,
  };
}

/** Undefined for a process that has ended, reaped or not. */
async function livingHost(pid: number, mark: string, run: string): Promise<LivingHost | undefined> {
  const entry = await readProcess(pid);
  if (entry === undefined || entry.defunct) return undefined;
  const marks = await Promise.all(
    [`${markVariable}=${mark}`, `${runMark}=${run}`].map((one) => findMarkedPids(one, [pid])),
  );
  return {
    pid,
    startTime: entry.startTime,
    isMarked: marks.every(({ marked }) => marked.includes(pid)),
  };
}

/** Undefined when there is none that can be read. */
async function writtenAssignment(folder: string): Promise<Assignment | undefined> {
  const text = await readFile(taskFiles(folder).json, 'utf8').catch(() => '');
  try {
    const written = queries.assignment.reply.safeParse({ assignment: JSON.parse(text) });
    return written.data?.assignment ?? undefined;
  } catch {
    return undefined;
  }
}
