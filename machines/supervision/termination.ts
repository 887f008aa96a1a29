/** How children are ended: the order, what counts as an orderly end, and when the supervisor ends itself. */
import type { ResolvedChildSpec } from './child-spec.ts';
import { type ExitReason, shutdown } from './exit-reason.ts';
import type { Pid } from './message.ts';
import type { ChildRecord, JobStep } from './supervisor-state.ts';
import { beginJob, childByPid, releaseChild, report, runningPid, setStatus, type Turn } from './turn.ts';

/**
 * Ends all children, then the supervisor with `reason`. Static children end one at a time in reverse start order;
 * those of `simple_one_for_one` all at once.
 */
export function terminateAll<Start>(turn: Turn<Start>, reason: ExitReason): void {
  const { state } = turn;
  state.phase = 'terminating';
  for (const child of state.children) {
    if (child.status.state === 'restarting') setStatus(turn, child, { state: 'undefined' });
  }
  const stops = stopsInReverse(state.children);
  const atOnce: JobStep = { type: 'stop', pids: stops.flatMap((stop) => stop.pids) };
  beginJob(turn, { type: 'terminate', reason }, state.template ? [atOnce] : stops);
}

/** One stop for each of `children` that runs, in reverse start order. */
export function stopsInReverse(
  children: readonly ChildRecord<unknown>[],
): Extract<JobStep, { type: 'stop' }>[] {
  return children
    .map(runningPid)
    .filter((pid) => pid !== null)
    .reverse()
    .map((pid) => ({ type: 'stop', pids: [pid] }));
}

/**
 * Asks the children behind `pids` to end and returns those to wait for. One that has already ended is settled here
 * and its exit taken out of the mailbox (OTP's `unlink_flush`), so that nobody acts on it again.
 */
export function orderStops<Start>(turn: Turn<Start>, pids: readonly Pid[]): Pid[] {
  const { state, commands } = turn;
  return pids.filter((pid) => {
    const exit = state.exits[pid];
    if (exit) {
      delete state.exits[pid];
      state.mailbox = state.mailbox.filter((letter) => letter.type !== 'child.exited' || letter.pid !== pid);
      childStopped(turn, pid, exit);
      return false;
    }
    commands.push({
      type: 'child.stop',
      pid,
      brutal: childByPid(turn, pid)?.spec.shutdown === 'brutal_kill',
    });
    return true;
  });
}

/** A child that was being stopped has ended. Any reason will do; an unexpected one is reported. */
export function childStopped<Start>(turn: Turn<Start>, pid: Pid, reason: ExitReason): void {
  const child = childByPid(turn, pid);
  if (!child) return;
  if (!isOrderly(reason, child.spec)) report(turn, { report: 'shutdown_error', id: child.id, pid, reason });
  releaseChild(turn, child);
}

/**
 * A significant child has ended by itself and is not restarted: the supervisor may have to end too. Children that
 * wait for a restart count as alive.
 */
export function shutDownAutomatically<Start>(turn: Turn<Start>, child: ChildRecord<Start>): void {
  const { flags, children } = turn.state;
  // Under `never` there is no significant child: its spec would have been refused.
  if (!child.spec.significant) return;
  const isLeft = (other: ChildRecord<Start>): boolean =>
    other.spec.significant && other.status.state !== 'undefined';
  if (flags.autoShutdown === 'all_significant' && children.some(isLeft)) return;
  terminateAll(turn, shutdown);
}

/** Whether a stopped child ended as supervisor.erl's `shutdown/1` expects; for a permanent one that is narrower. */
function isOrderly(reason: ExitReason, spec: ResolvedChildSpec<unknown>): boolean {
  if (spec.shutdown === 'brutal_kill' && reason.kind === 'killed') return true;
  if (spec.restart !== 'permanent') return reason.kind === 'normal' || reason.kind === 'shutdown';
  return spec.shutdown !== 'brutal_kill' && reason.kind === 'shutdown' && reason.detail === undefined;
}
