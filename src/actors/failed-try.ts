/** The evidence of a try, gathered from the agent whose try it was. */
import type { AgentPlace } from '../agents/agent-place.ts';
import { tryEvidence } from '../output/try-evidence.ts';
import type { TaskRecord } from '../tasks/task-record.ts';

/** Of the try that the task is at; '' when the agent is another node's, or the task is gone. */
export async function evidenceOf(
  place: AgentPlace | undefined,
  task: TaskRecord | undefined,
): Promise<string> {
  if (!place || !task) return '';
  const { attempts: attempt, maxAttempts } = task;
  const { lastEnd: end, closedRun, output } = place;
  return tryEvidence({ attempt, maxAttempts, end, closedRun, output: output.file });
}
