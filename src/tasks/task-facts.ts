/** Which facts a change of a task makes. */
import type { TaskEvent } from '../../machines/task.machine.ts';
import type { TellFact } from '../events/fact-publisher.ts';
import { stageOf, type TaskRecord } from './task-record.ts';

/** Tells what an event has done to a task; `after` is what it became. */
export function tellTaskFacts(tell: TellFact, before: TaskRecord, after: TaskRecord, event: TaskEvent): void {
  const id = after.issue.id;
  const stage = stageOf(before) ?? '';
  const holder = { agent: (after.claim ?? before.claim)?.agent ?? '', stage, token: after.token };
  switch (event.type) {
    case 'claim':
      tell('task.claimed', id, { ...holder, attempt: after.attempts });
      return;
    case 'accept':
      tell('task.accepted', id, holder);
      return;
    case 'renew':
      return;
    case 'restart':
      if (after.state === 'failed') tellEnd(tell, after, stage);
      else tell('task.restarted', id, { ...holder, attempt: after.attempts, reason: event.reason });
      return;
    case 'return':
      tell('task.released', id, { ...holder, reason: 'given back in good order' });
      return;
    case 'release':
      tell('task.released', id, { ...holder, reason: event.reason });
      tellEnd(tell, after, stage);
      return;
    case 'finish':
      tell('task.finished', id, { ...holder, outcome: event.outcome, summary: event.summary });
      tellEnd(tell, after, stage);
      return;
    case 'retry':
    case 'reopen':
      tell('task.retried', id, { stage: stageOf(after) ?? '' });
      return;
    case 'close':
      tell('task.closed', id, {});
      return;
  }
}

/** What follows from an ended try: the next stage, the end, or a person's turn; nothing for another try. */
function tellEnd(tell: TellFact, after: TaskRecord, stage: string): void {
  const id = after.issue.id;
  if (after.state === 'done') tell('task.completed', id, { title: after.issue.title });
  else if (after.state === 'failed')
    tell('task.failed', id, { stage, reason: after.reason, evidence: after.evidence });
  else if (after.state === 'blocked') tell('task.blocked', id, { stage, reason: after.reason });
  else if (stageOf(after) !== stage) tell('task.advanced', id, { stage: stageOf(after) ?? '' });
}
