/** What every try at a task begins with, in whatever way the program is handed it. */
import type { Assignment } from '../events/commands.ts';
import { markOutput } from '../output/output-log.ts';
import { oneLine } from '../text/one-line.ts';
import type { AgentPlace } from './agent-place.ts';

/** The longest reason that stands in a line for the program, in characters; its task file has all of it. */
const longestReason = 200;

/** From now on reports, ends and output are this try's. */
export function beginTry(place: AgentPlace, assignment: Assignment): void {
  place.desk.assign(assignment);
  place.programSession.begin(assignment);
  place.lastEnd = undefined;
  place.closedRun = undefined;
  markOutput(place.output.file, 'try', triesText(assignment));
}

/** One line that tells a program its task; one that was begun before, which try this is and why the last one ended. */
export function taskLine(assignment: Assignment): string {
  const { task, stage, attempt, maxAttempts, reason, taskFile } = assignment;
  const head = `orchestra: task ${task}, stage ${stage}`;
  if (attempt === 1) return `${head}. Read ${taskFile} and begin.`;
  const why = oneLine(reason);
  const short = why.length > longestReason ? `${why.slice(0, longestReason - 1)}…` : why;
  return `${head}, attempt ${attempt} of ${maxAttempts}${short && `; the last one: ${short}`}. Read ${taskFile} and go on from there.`;
}

const triesText = ({ task, stage, attempt, maxAttempts }: Assignment): string =>
  `task ${task}, stage ${stage}, attempt ${attempt} of ${maxAttempts}`;
