/** One line for one fact, as people read it in a terminal or a log. */
import type { Fact } from '../events/facts.ts';
import { markedLines, plainText } from './plain-text.ts';

/** `15:04:05 kaede  took task 3 (codegen)`; no control characters, whatever the fact holds. */
export function factLine(fact: Fact): string {
  const time = new Date(fact.at).toLocaleTimeString('en-GB');
  const about = fact.name.startsWith('task.') ? `task ${fact.about}` : fact.about;
  return plainText(markedLines(`${time} ${about.padEnd(9)} ${wording(fact)}`));
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
    case 'agent.adopted':
      return `was found in pane ${of('pane')} and goes on${of('task') && ` with task ${of('task')}`}`;
    case 'agent.adoption.refused':
      return `is ended and started anew: ${of('reason')}`;
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
    case 'agent.mailbox.full':
      return `its inbox is full: ${of('messages')} messages from ${of('from')}`;
    case 'agent.flooding':
      return `reports too fast: ${of('refused')} refused`;
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
    case 'agent.paroled':
      return 'has been in quarantine long enough and is started again';
    case 'agent.output.gap':
      return `some of its output is not in its log: ${of('reason')}`;
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
      return `✘ failed at ${of('stage')}: ${of('reason')}${lastWords(of('evidence'))}`;
    case 'task.blocked':
      return `needs a person at ${of('stage')}: ${of('reason')}`;
    case 'task.commented':
      return 'its result stands on the issue';
    case 'task.pushed':
      return `${of('branch')} is at the remote, ${of('commit').slice(0, 12)}`;
    case 'task.write.abandoned':
      return `a ${of('kind')} was given up: ${of('reason')}; \`orchestra outbox\` shows it`;
    case 'task.retried':
      return `gets another try at ${of('stage')}`;
    case 'task.closed':
      return 'was closed in the tracker';
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
    case 'node.record.set-aside':
      return `${of('bucket')} ${of('key')} cannot be read (${of('reason')}); set aside as ${of('file')}`;
    case 'node.records.restored':
      return `${of('records')} records of ${of('bucket')} were lost and are stored again`;
    case 'node.stream.damaged':
      return `${of('stream')} has lost ${of('lost')} messages, ${of('restored')} of them restored${of('kept') && `; kept as ${of('kept')}`}`;
    case 'node.stream.shrunk':
      return `${of('stream')} is smaller now: its oldest ${of('messages')} messages are gone`;
    case 'node.store.stalled':
      return `nats-server takes no writes: ${of('reason')}`;
    case 'node.store.recovered':
      return `nats-server takes writes again after ${Math.round(Number(of('stalledFor')) / 1000)} s`;
    case 'node.facts.lost':
      return `${of('facts')} facts were thrown away: the bus took none for too long`;
    case 'node.log.lost':
      return `${of('lines')} lines could not be written to the log: ${of('reason')}`;
    case 'node.disk.low':
      return `the disk is nearly full (${mebibytes(body['free'])} free): no new work is assigned`;
    case 'node.disk.recovered':
      return `the disk has room again (${mebibytes(body['free'])} free)`;
    case 'node.tracker.problem':
      return `${of('file')}:${of('line')}:${of('column')} ${of('message')}`;
    case 'node.tracker.failed':
      return `the tracker does not answer: ${of('reason')}`;
    case 'node.outbox.delayed':
      return `writes to the outside wait (${of('kind')}): ${of('reason')}`;
    case 'node.repository.failed':
      return `the repository cannot be used: ${of('reason')}`;
    case 'node.worktree.kept':
      return `the worktree of task ${of('task')} stays: ${of('reason')}`;
    case 'node.orphan.cleaned':
      return `cleaned ${of('kind')} ${of('id')}: ${of('why')}`;
    case 'node.orphan.kept':
      return `kept ${of('kind')} ${of('id')}: ${of('why')}${of('advice') && `; ${of('advice')}`}`;
    case 'node.panes.left':
      return `the tmux server stays: programs that are not ours run in ${of('panes')}`;
    case 'node.worktree.left':
      return `worktree without a task: ${of('path')}`;
  }
}

const mebibytes = (bytes: unknown): string => `${Math.floor(Number(bytes) / 1024 ** 2)} MiB`;

/** The last line that is on record of a try; all of it is in `orchestra task show`. */
function lastWords(evidence: string): string {
  const lines = evidence.split('\n');
  return lines.length > 1 ? `; it printed last: ${lines.at(-1)}` : '';
}
