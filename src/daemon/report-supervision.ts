/** What supervisors report, turned into facts, log lines and presence. */
import type { ExitReason } from '../../machines/supervision/exit-reason.ts';
import type { SupervisorReport } from '../../machines/supervision/hooks.ts';
import type { World } from '../actors/world.ts';
import { causeOf, errorText, exitText } from '../supervision/reason-text.ts';
import { childPath, type SupervisionHistory } from '../supervision/supervision-history.ts';
import { quarantineAgent } from './quarantine.ts';

/** Tells of a report that `history` has already taken in. */
export function reportSupervision(world: World, history: SupervisionHistory, report: SupervisorReport): void {
  const { node } = world.config;
  const path = childPath(report);
  switch (report.report) {
    case 'child_started':
      world.log.debug({ path, pid: report.pid }, 'child.started');
      return;
    case 'child_restarted':
      world.tell('node.child.restarted', node, { path, reason: whyRestarted(history, report) });
      return;
    case 'child_terminated':
      world.tell('node.child.terminated', node, { path, reason: exitText(report.reason) });
      logCrash(world, path, report.reason);
      return;
    case 'shutdown_error':
      world.tell('node.child.terminated', node, { path, reason: howItEnded(report.reason) });
      logCrash(world, path, report.reason);
      return;
    case 'start_error':
      world.tell('node.child.terminated', node, {
        path,
        reason: `did not start: ${errorText(report.reason)}`,
      });
      world.log.warn({ path, err: causeOf(report.reason) }, 'child.start.failed');
      return;
    case 'kill_failed':
      world.tell('node.kill.failed', node, { path: report.path, reason: errorText(report.reason) });
      return;
    case 'shutdown':
      world.tell('node.supervisor.exhausted', node, { path: report.supervisor, child: report.id });
      quarantineAgent(world, history, report);
  }
}

/** Its own end, or that of the sibling which its supervisor's strategy binds it to. */
function whyRestarted(history: SupervisionHistory, { supervisor, ...report }: SupervisorReport): string {
  const path = childPath({ supervisor, ...report });
  const offender = history.offenderOf(supervisor);
  if (offender !== undefined && offender !== report.id) return `with ${offender}`;
  return history.of(path).lastExit?.reason ?? 'its end';
}

/** Of a child that was asked to end. */
function howItEnded(reason: ExitReason): string {
  if (reason.kind === 'killed') return 'killed: it did not end in time when it was asked to';
  return `asked to end, it ended otherwise: ${exitText(reason)}`;
}

function logCrash(world: World, path: string, reason: ExitReason): void {
  if (reason.kind === 'error') world.log.warn({ path, err: reason.error }, 'child.crashed');
}
