/** What supervisors report, turned into facts and presence. */
import type { ExitReason } from '../../machines/supervision/exit-reason.ts';
import type { SupervisorReport } from '../../machines/supervision/hooks.ts';
import type { World } from '../actors/world.ts';
import { errorText } from './error-text.ts';

export function reportSupervision(world: World, report: SupervisorReport): void {
  const { node } = world.config;
  const path = [report.supervisor, report.id].filter((part) => part !== '').join('/');
  switch (report.report) {
    case 'child_started':
      world.log.debug({ path, pid: report.pid }, 'child.started');
      return;
    case 'child_restarted':
      world.tell('node.child.restarted', node, { path, reason: report.pid });
      return;
    case 'child_terminated':
    case 'shutdown_error':
      world.tell('node.child.terminated', node, { path, reason: reasonText(report.reason) });
      logCrash(world, path, report.reason);
      return;
    case 'start_error':
      world.tell('node.child.terminated', node, {
        path,
        reason: `did not start: ${errorText(report.reason)}`,
      });
      return;
    case 'kill_failed':
      world.log.error({ path: report.path, reason: errorText(report.reason) }, 'child.kill.failed');
      return;
    case 'shutdown':
      world.tell('node.supervisor.exhausted', node, { path: report.supervisor });
      quarantine(world, report.supervisor);
  }
}

/** An agent's own supervisor has given up: its agent stays out until a person has looked. */
function quarantine(world: World, supervisor: string): void {
  const name = /\/agent:([^/]+)$/u.exec(supervisor)?.[1];
  if (name === undefined) return;
  const { intensity, period } = world.config.restart;
  world.ports.presence.peek()?.set(name, { availability: 'quarantined' });
  world.tell('agent.quarantined', name, {
    reason: `more than ${intensity} restarts within ${period} s; \`orchestra agents restart ${name}\` brings it back`,
  });
}

function logCrash(world: World, path: string, reason: ExitReason): void {
  if (reason.kind === 'error') world.log.warn({ path, err: reason.error }, 'child.crashed');
}

function reasonText(reason: ExitReason): string {
  return reason.kind === 'error' ? errorText(reason.error) : reason.kind;
}
