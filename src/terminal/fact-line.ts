/** One line for one fact, as people read it in a terminal or a log. */
import type { Fact } from '../events/facts.ts';
import { plainText } from './plain-text.ts';

/** `15:04:05 kaede  took task 3 (codegen)`; no control characters, whatever the fact holds. */
export function factLine(fact: Fact): string {
  const time = new Date(fact.at).toLocaleTimeString('en-GB');
  const about = fact.name.startsWith('task.') ? `task ${fact.about}` : fact.about;
  return plainText(`${time} ${about.padEnd(9)} ${wording(fact)}`);
}

function wording({ name, body }: Fact): string {
  const of = (key: string): string => (body[key] === undefined ? '' : String(body[key]));
  switch (name) {
    case 'agent.availability.changed':
      return of('task') === ''
        ? `is ${of('availability')}`
        : `is ${of('availability')} on task ${of('task')}`;
    case 'agent.pane.opened':
      return `pane ${of('pane')} opened`;
    case 'agent.pane.lost':
      return `pane ${of('pane')} lost: ${of('reason')}`;
    case 'agent.process.exited':
      return `program ended: ${of('signal') || `status ${of('status') || 'unknown'}`} (seen by ${of('noticedBy')})`;
    case 'agent.orphans.ended':
      return `left-over processes ended: ${of('pids')}`;
    case 'agent.session.opened':
      return 'takes input';
    case 'agent.message.delivered':
      return `got a message from ${of('from')}`;
    case 'agent.message.rejected':
      return `message ${of('message')} went to the dead letters: ${of('reason')}`;
    case 'agent.said':
      return `“${of('text')}”`;
    case 'agent.stalled':
      return `gave no sign of life for ${Math.round(Number(of('silentFor')) / 1000)} s`;
    case 'agent.nudged':
      return 'was nudged';
    case 'agent.interrupted':
      return `was interrupted by ${of('by')}`;
    case 'agent.restarted':
      return `was restarted by ${of('by')}`;
    case 'agent.quarantined':
      return `is in quarantine: ${of('reason')}`;
    case 'agent.revived':
      return `was taken out of quarantine by ${of('by')}`;
    case 'task.discovered':
      return `discovered: ${of('title')}`;
    case 'task.updated':
      return `edited: ${of('title')}`;
    case 'task.claimed':
      return `${of('stage')} → ${of('agent')}${of('attempt') === '1' ? '' : `, attempt ${of('attempt')}`}`;
    case 'task.accepted':
      return `${of('agent')} accepts`;
    case 'task.finished':
      return `${of('agent')}: ${of('stage')} ${of('outcome')}${of('summary') && `, ${of('summary')}`}`;
    case 'task.released':
      return `taken back from ${of('agent')}: ${of('reason')}`;
    case 'task.restarted':
      return `${of('agent')} begins again, attempt ${of('attempt')}: ${of('reason')}`;
    case 'task.advanced':
      return `waits for ${of('stage')}`;
    case 'task.completed':
      return `✔ done: ${of('title')}`;
    case 'task.failed':
      return `✘ failed at ${of('stage')}: ${of('reason')}`;
    case 'task.blocked':
      return `needs a person at ${of('stage')}: ${of('reason')}`;
    case 'task.retried':
      return `gets another try at ${of('stage')}`;
    case 'task.closed':
      return 'was closed in the tracker';
    case 'task.unreadable':
      return `its record cannot be read: ${of('reason')}`;
    case 'node.started':
      return `up, pid ${of('pid')}, version ${of('version')}`;
    case 'node.stopping':
      return `going down, by ${of('by')}`;
    case 'node.child.restarted':
      return `restarted ${of('path')}: ${of('reason')}`;
    case 'node.child.terminated':
      return `${of('path')} ended: ${of('reason')}`;
    case 'node.supervisor.exhausted':
      return `${of('path') || 'the root'} gave up: too many restarts${of('child') && `, at last of ${of('child')}`}`;
    case 'node.kill.failed':
      return `what ${of('path')} held may live on: ${of('reason')}`;
    case 'node.config.reloaded':
      return `config read anew${of('needsRestart') && `; takes a restart: ${of('needsRestart')}`}`;
    case 'node.config.rejected':
      return `config rejected, the last good one stays: ${of('faults')}`;
    case 'node.tracker.problem':
      return `${of('file')}:${of('line')}:${of('column')} ${of('message')}`;
    case 'node.tracker.failed':
      return `the tracker does not answer: ${of('reason')}`;
    case 'node.repository.failed':
      return `the repository cannot be used: ${of('reason')}`;
    case 'node.worktree.kept':
      return `the worktree of task ${of('task')} stays: ${of('reason')}`;
    case 'node.worktree.left':
      return `worktree without a task: ${of('path')}`;
  }
}
