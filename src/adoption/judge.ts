/** The judgement on what an earlier daemon has left of an agent: proven to be what is on record, or not, and why. No I/O. */
import type { Assignment } from '../events/commands.ts';
import type { ProcessIdentity } from '../processes/process-entry.ts';
import type { TaskRecord } from '../tasks/task-record.ts';
import type { UserOption } from '../tmux/pane-id.ts';
import type { Pane } from '../tmux/panes.ts';
import type { SessionRecord } from './session-record.ts';

/** The pane option with the name of the agent that lives in it. */
export const agentOption: UserOption = '@orchestra_agent';

/** The process in the pane, as the process table shows it. */
export interface LivingHost extends ProcessIdentity {
  /** Whether it was started with this agent's mark, and with the mark of the run on record. */
  isMarked: boolean;
}

/** What the outside shows at this moment, beside what it is compared with. */
export interface Evidence {
  agent: string;
  node: string;
  /** Whether a program lives in the pane all the time (mode kept). */
  isKept: boolean;
  /** What the agent's program would be started with today. */
  fingerprint: string;
  server: ProcessIdentity;
  /** The pane on record, if the server has it. */
  pane: (Pane & { run: string | undefined }) | undefined;
  /** The process that the pane shows, if it runs. */
  host: LivingHost | undefined;
  /** The task on record. */
  task: TaskRecord | undefined;
  /** What stands in the agent's task file. */
  assignment: Assignment | undefined;
}

export type Verdict =
  /** `run` is the program's, null when none is in the pane; `assignment` is what it is at, or has ended meanwhile. */
  { proven: true; run: string | null; assignment: Assignment | null } | { proven: false; reason: string };

const refused = (reason: string): Verdict => ({ proven: false, reason });

/** Record, pane and process must all say the same, and the task must still be this agent's. */
export function judge(record: SessionRecord, evidence: Evidence): Verdict {
  const { agent, pane, server } = evidence;
  if (!isSameProcess(record.tmux, server)) return refused('the tmux server is another one');
  if (pane === undefined) return refused(`pane ${record.pane ?? 'none'} is gone`);
  if (pane.options[agentOption] !== agent) return refused(`pane ${pane.pane} does not carry its name`);
  if (record.assignment?.phase === 'submitting')
    return refused(`nobody knows whether task ${record.assignment.task} was handed over in full`);
  if (record.run === null) {
    if (evidence.isKept) return refused('no program is on record of it');
    if (!pane.dead) return refused(`pane ${pane.pane} holds a program that is not on record`);
    return { proven: true, run: null, assignment: null };
  }
  return judgeRun(record, record.run, pane, evidence);
}

function judgeRun(
  record: SessionRecord,
  run: string,
  pane: NonNullable<Evidence['pane']>,
  evidence: Evidence,
): Verdict {
  const { isKept, host, fingerprint } = evidence;
  if (pane.run !== run || pane.pid !== record.process?.pid)
    return refused(`pane ${pane.pane} was given to another program`);
  const lives = !pane.dead && host !== undefined;
  if (lives && !(isSameProcess(record.process, host) && host.isMarked))
    return refused(`process ${pane.pid} is not the one on record`);
  if (isKept && !lives) return refused('its program has ended meanwhile');
  if (record.fingerprint !== fingerprint) return refused('its configuration has changed');
  const work = judgeWork(record, evidence);
  if (!work.proven || work.assignment !== null || isKept) return work;
  return lives ? refused('its task is over') : { proven: true, run: null, assignment: null };
}

/** What the run was at: nothing, something already on record, its own task still, or something unclear. */
function judgeWork({ run, assignment: handed }: SessionRecord, evidence: Evidence): Verdict {
  if (handed === null) return { proven: true, run, assignment: null };
  const { task, assignment, agent, node } = evidence;
  if (task?.history.some(({ token, outcome }) => token === handed.token && outcome !== 'released'))
    return { proven: true, run, assignment: null };
  const isHolder =
    task?.claim?.agent === agent &&
    task.claim.node === node &&
    task.token === handed.token &&
    task.attempts === handed.attempt;
  if (!isHolder) return refused(`task ${handed.task} is no longer its own`);
  if (assignment?.task !== handed.task || assignment.token !== handed.token)
    return refused(`its task file is not that of task ${handed.task}`);
  return { proven: true, run, assignment };
}

/** A pid that was used again is another process. */
export const isSameProcess = (one: ProcessIdentity | null, other: ProcessIdentity): boolean =>
  one !== null && one.pid === other.pid && one.startTime === other.startTime;
