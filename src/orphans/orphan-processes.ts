/** Processes that an agent's program has left, of agents that are not there any more. */
import { markVariable } from '../agents/agent-place.ts';
import type { ControlGroups } from '../processes/control-groups.ts';
import { endMarkedProcesses } from '../processes/end-marked-processes.ts';
import type { ProcessEntry } from '../processes/process-entry.ts';
import { listProcesses, readCommand, readMarks } from '../processes/process-table.ts';
import type { Belonging } from './belonging.ts';
import type { FoundOrphan } from './orphan.ts';

/** Time for a program to end by itself before it is killed, in ms. */
const grace = 2_000;

export interface ProcessOwners {
  /** What the marks of all agents of this state folder begin with, up to their names. */
  readonly mark: string;
  /** Whether the agent of this name lives or will be taken over; asked again before anything is ended. */
  belongs(agent: string): Belonging;
  readonly controlGroups: ControlGroups | undefined;
}

/** Marked processes, and those in an agent's control group, whose agent is none; ours and those above us never. */
export async function findOrphanProcesses(owners: ProcessOwners): Promise<FoundOrphan[]> {
  const { mark, controlGroups } = owners;
  const table = new Map((await listProcesses()).map((entry) => [entry.pid, entry]));
  const agents = new Map<number, string>();
  for (const name of controlGroups?.names() ?? [])
    for (const pid of controlGroups?.of(name).pids() ?? []) agents.set(pid, name);
  for (const [pid, value] of await readMarks(markVariable, `${mark}.`))
    agents.set(pid, value.slice(mark.length + 1));
  const untouchable = ancestorsOf(process.pid, table);
  const found: FoundOrphan[] = [];
  for (const [pid, agent] of agents) {
    const entry = table.get(pid);
    const belonging = owners.belongs(agent);
    if (entry === undefined || entry.defunct || untouchable.has(pid) || belonging.belongs) continue;
    const command = (await readCommand(pid))?.argv.join(' ').slice(0, 200) ?? '';
    found.push({
      orphan: { kind: 'process', id: String(pid), why: `${belonging.why}: ${command}`, remedy: 'ended' },
      identity: `process ${pid} ${entry.startTime}`,
      clean: () => endProcessesOf(agent, owners),
    });
  }
  return found;
}

/** All of the agent's at once: the next ones of the same agent then find nothing left to do. */
async function endProcessesOf(agent: string, { mark, belongs, controlGroups }: ProcessOwners) {
  if (belongs(agent).belongs) return { why: `${agent} has come back` };
  const group = controlGroups?.of(agent);
  const unless = () => belongs(agent).belongs;
  const options = { graceMs: grace, group, unless };
  const { survivors } = await endMarkedProcesses(markVariable, `${mark}.${agent}`, options);
  group?.remove();
  if (survivors.length === 0) return undefined;
  const pids = survivors.map(({ pid }) => pid).join(', ');
  return { why: `${pids} cannot be ended`, advice: 'look with `ps` what holds them' };
}

/** A person who cleans up from a shell below such a process must not be thrown out. */
function ancestorsOf(pid: number, table: ReadonlyMap<number, ProcessEntry>): Set<number> {
  const ancestors = new Set<number>();
  for (let at: number | undefined = pid; at !== undefined && at > 1 && !ancestors.has(at); ) {
    ancestors.add(at);
    at = table.get(at)?.parent;
  }
  return ancestors;
}
