/** What an exit leads to: nothing, a restart by strategy, another try, or giving up. */
import { isAbnormal, shutdown } from './exit-reason.ts';
import type { Exited, Letter } from './message.ts';
import { chargeRestart } from './restart-intensity.ts';
import { restartsAlone } from './supervisor-flags.ts';
import type { ChildRecord, JobStep } from './supervisor-state.ts';
import { shutDownAutomatically, stopsInReverse, terminateAll } from './termination.ts';
import {
  beginJob,
  childById,
  childByPid,
  latestPid,
  releaseChild,
  report,
  runningPid,
  seconds,
  setStatus,
  type Turn,
} from './turn.ts';

type TryAgain = Extract<Letter<unknown>, { type: 'restart.try_again' }>;

/** Reads an exit nobody asked for. That of an earlier life means nothing. */
export function childExited<Start>(turn: Turn<Start>, { pid, reason }: Exited): void {
  delete turn.state.exits[pid];
  const child = childByPid(turn, pid);
  if (!child) return;
  const { restart } = child.spec;
  const isFault = restart === 'permanent' || isAbnormal(reason);
  if (isFault) report(turn, { report: 'child_terminated', id: child.id, pid, reason });
  if (isFault && restart !== 'temporary') {
    restartCrashed(turn, child);
  } else {
    releaseChild(turn, child);
    shutDownAutomatically(turn, child);
  }
}

/** Restarts a child whose last try failed or had to wait, unless that has been overtaken by events. */
export function tryAgain<Start>(turn: Turn<Start>, { id, token }: TryAgain): void {
  const child = childById(turn, id);
  if (child?.status.state !== 'restarting' || child.status.retry?.token !== token) return;
  const { previous, retry } = child.status;
  child.status = { state: 'restarting', previous, retry: null };
  if (retry.charged || charge(turn, child)) restart(turn, child);
}

/** A child could not be started in a restart: the mailbox has its turn, then it is tried and charged again. */
export function restartFailed<Start>(turn: Turn<Start>, child: ChildRecord<Start>): void {
  child.failures += 1;
  scheduleRetry(turn, child, false);
}

/** Without backoff the restart is made now, as in OTP. With it the group stops now and starts after the delay. */
function restartCrashed<Start>(turn: Turn<Start>, child: ChildRecord<Start>): void {
  const { backoff, resetAfter } = turn.state.flags;
  if (turn.now - child.startedAt >= resetAfter * 1000) child.failures = 0;
  child.failures += 1;
  if (!charge(turn, child)) return;
  if (backoff) restartLater(turn, child);
  else restart(turn, child);
}

function restartLater<Start>(turn: Turn<Start>, child: ChildRecord<Start>): void {
  const siblings = groupOf(turn, child).filter((other) => other !== child);
  scheduleRetry(turn, child, true);
  beginJob(turn, { type: 'restart' }, stopGroup(turn, siblings));
}

/** Charges a restart to the supervisor. One too many, and the child is given up and the supervisor with it. */
function charge<Start>(turn: Turn<Start>, child: ChildRecord<Start>): boolean {
  const { state } = turn;
  const { restarts, allowed } = chargeRestart(state.restarts, seconds(turn), state.flags);
  state.restarts = restarts;
  if (allowed) return true;
  report(turn, { report: 'shutdown', id: child.id, reason: 'reached_max_restart_intensity' });
  releaseChild(turn, child);
  terminateAll(turn, shutdown);
  return false;
}

/**
 * Stops what the strategy binds to the child, in reverse, and starts it and them in start order; of temporary
 * siblings nothing is left by then to start. A child restarted alone keeps the name of its last life until it has a new one: that is what dynamic children are known by.
 */
function restart<Start>(turn: Turn<Start>, child: ChildRecord<Start>): void {
  const isAlone = restartsAlone(turn.state.flags.strategy);
  const group = groupOf(turn, child);
  const starts = group.map((member): JobStep => ({ type: 'start', id: member.id }));
  setStatus(
    turn,
    child,
    isAlone ? { state: 'restarting', previous: latestPid(child), retry: null } : { state: 'undefined' },
  );
  const siblings = group.filter((member) => member !== child);
  beginJob(turn, { type: 'restart' }, [...stopGroup(turn, siblings), ...starts]);
}

/** The children restarted with `child`, itself included, in start order. */
function groupOf<Start>(turn: Turn<Start>, child: ChildRecord<Start>): ChildRecord<Start>[] {
  const { children, flags } = turn.state;
  if (restartsAlone(flags.strategy)) return [child];
  return flags.strategy === 'one_for_all' ? [...children] : children.slice(children.indexOf(child));
}

/** The stops for the members that run. The others are released at once: restarts they wait for are overtaken. */
function stopGroup<Start>(turn: Turn<Start>, group: readonly ChildRecord<Start>[]): JobStep[] {
  const stops = stopsInReverse(group);
  for (const member of group) {
    if (runningPid(member) === null) releaseChild(turn, member);
  }
  return stops;
}

function scheduleRetry<Start>(turn: Turn<Start>, child: ChildRecord<Start>, charged: boolean): void {
  const { state, commands } = turn;
  const { id, failures } = child;
  const token = state.flags.backoff ? nextTimer(turn) : null;
  const retry = { token, charged };
  setStatus(turn, child, { state: 'restarting', previous: latestPid(child), retry });
  if (token === null) state.mailbox.push({ type: 'restart.try_again', id, token });
  else commands.push({ type: 'restart.schedule', id, token, failures });
}

function nextTimer(turn: Turn<unknown>): number {
  turn.state.timers += 1;
  return turn.state.timers;
}
