/** Carries a job through: one step at a time, each waiting for the shell's answer. */
import type { ExitReason } from './exit-reason.ts';
import type { Pid, StartOutcome, StartResult } from './message.ts';
import { restartFailed } from './restart.ts';
import type { ChildRecord, Job } from './supervisor-state.ts';
import { childStopped, orderStops, terminateAll } from './termination.ts';
import {
  childById,
  isForgettable,
  nextPid,
  releaseChild,
  reply,
  report,
  setStatus,
  type Turn,
} from './turn.ts';

/** Begins the job's next step; after the last the job is done. */
export function advanceJob<Start>(turn: Turn<Start>, job: Job<Start>): void {
  const next = job.steps.shift();
  if (!next) {
    finishJob(turn, job);
  } else if (next.type === 'start') {
    orderStart(turn, job, next.id);
  } else {
    job.waiting = waitForStops(orderStops(turn, next.pids));
  }
}

/** Takes the end of a start; false if it is not the one the job waits for. */
export function settleStart<Start>(turn: Turn<Start>, pid: Pid, result: StartResult): boolean {
  const { job } = turn.state;
  if (job?.waiting?.for !== 'start' || job.waiting.pid !== pid) return false;
  const child = startingChild(turn, job, job.waiting.id);
  job.waiting = null;
  if (!child) return true;
  if (result.type === 'ok') childStarted(turn, job, child, pid);
  else if (result.type === 'ignore') childIgnored(turn, job, child);
  else startFailed(turn, job, child, pid, result.reason);
  answerStart(turn, job, pid, result);
  return true;
}

/** Takes the end of a child; false if it is not one of those the job has asked to end and waits for. */
export function settleStop<Start>(turn: Turn<Start>, pid: Pid, reason: ExitReason): boolean {
  const { job } = turn.state;
  if (job?.waiting?.for !== 'stop' || !job.waiting.pids.includes(pid)) return false;
  const pids = job.waiting.pids.filter((other) => other !== pid);
  job.waiting = waitForStops(pids);
  childStopped(turn, pid, reason);
  return true;
}

function waitForStops(pids: readonly Pid[]): Job<unknown>['waiting'] {
  return pids.length > 0 ? { for: 'stop', pids } : null;
}

function orderStart<Start>(turn: Turn<Start>, job: Job<Start>, id: string): void {
  const child = startingChild(turn, job, id);
  if (!child) return;
  const pid = nextPid(turn, child);
  job.waiting = { for: 'start', id, pid };
  turn.commands.push({ type: 'child.start', pid, spec: child.spec, args: child.args });
}

/** The child a start is about: a known one, or the new one of `start_child`, unknown until it has started. */
function startingChild<Start>(
  turn: Turn<Start>,
  job: Job<Start>,
  id: string,
): ChildRecord<Start> | undefined {
  return job.purpose.type === 'start_child' ? job.purpose.child : childById(turn, id);
}

function childStarted<Start>(turn: Turn<Start>, job: Job<Start>, child: ChildRecord<Start>, pid: Pid): void {
  setStatus(turn, child, { state: 'running', pid });
  child.startedAt = turn.now;
  if (job.purpose.type === 'start_child') turn.state.children.push(child);
  const kind = job.purpose.type === 'restart' ? 'child_restarted' : 'child_started';
  report(turn, { report: kind, id: child.id, pid });
}

function childIgnored<Start>(turn: Turn<Start>, job: Job<Start>, child: ChildRecord<Start>): void {
  if (job.purpose.type !== 'start_child') releaseChild(turn, child);
  else if (!isForgettable(turn, child)) turn.state.children.push(child);
}

/** At init all that has started ends again; in a restart it is tried again; a call is only answered. */
function startFailed<Start>(
  turn: Turn<Start>,
  job: Job<Start>,
  child: ChildRecord<Start>,
  pid: Pid,
  reason: unknown,
): void {
  const { type } = job.purpose;
  if (type !== 'init' && type !== 'restart') return;
  report(turn, { report: 'start_error', id: child.id, pid, reason });
  turn.state.job = null;
  if (type === 'restart') restartFailed(turn, child);
  else terminateAll(turn, failedToStart(child.id, reason));
}

/** OTP's `{shutdown, {failed_to_start_child, Id, Reason}}`. */
function failedToStart(id: string, reason: unknown): ExitReason {
  return { kind: 'shutdown', detail: { term: 'failed_to_start_child', id, reason } };
}

/** Answers the call the job was made for, if any. */
function answerStart<Start>(turn: Turn<Start>, job: Job<Start>, pid: Pid, started: StartResult): void {
  const { purpose } = job;
  if (purpose.type !== 'start_child' && purpose.type !== 'restart_child') return;
  const { type: call, correlation } = purpose;
  reply(turn, { call, correlation, result: startOutcome(pid, started) });
}

function startOutcome(pid: Pid, started: StartResult): StartOutcome {
  if (started.type === 'error') return { ok: false, error: 'start_failed', reason: started.reason };
  if (started.type === 'ignore') return { ok: true, pid: null };
  return started.info === undefined ? { ok: true, pid } : { ok: true, pid, info: started.info };
}

function finishJob<Start>(turn: Turn<Start>, { purpose }: Job<Start>): void {
  const { state, commands } = turn;
  state.job = null;
  if (purpose.type === 'init') {
    state.phase = 'running';
    commands.push({ type: 'initialized' });
  } else if (purpose.type === 'terminate') {
    state.phase = 'terminated';
    state.exit = purpose.reason;
  } else if (purpose.type === 'terminate_child') {
    reply(turn, { call: 'terminate_child', correlation: purpose.correlation, result: { ok: true } });
  }
}
