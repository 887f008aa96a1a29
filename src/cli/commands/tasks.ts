/** `orchestra tasks`: all tasks, those under way first. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { listTasks } from '../../client/list-tasks.ts';
import type { TaskSummary } from '../../events/commands.ts';
import { TaskState } from '../../tasks/task-record.ts';
import { formatTable } from '../../terminal/table.ts';
import { forPeople } from '../caller.ts';
import { type GlobalOptions, withDaemon } from '../daemon-connection.ts';
import { outputColumns, printJson, printLine } from '../output.ts';

/** After a year thousands are over: without being asked for, so many are shown. */
const shownOver = 20;

interface TasksOptions {
  json?: true;
  all?: true;
  state?: TaskState;
  limit?: number;
}

export function addTasks(program: Command): void {
  forPeople(program.command('tasks'))
    .description('the tasks, those under way first, then in the order in which they are taken')
    .option('--json', 'print JSON')
    .addOption(new Option('--state <state>', 'only tasks in this state').choices(TaskState.options))
    .option('--all', 'also those that have long been over')
    .option('--limit <count>', 'at most so many', positiveInteger)
    .addHelpText(
      'after',
      `
Examples:
  $ orchestra tasks
  $ orchestra tasks --state failed
  $ orchestra tasks --json | jq -r '.[] | select(.agent == "kaede") | .id'`,
    )
    .action(async ({ json, all, state, limit }: TasksOptions, command: Command) => {
      const request = {
        ...(state === undefined ? {} : { state }),
        ...(limit === undefined ? {} : { limit }),
      };
      const tasks = await withDaemon(command.optsWithGlobals<GlobalOptions>(), ({ bus }) =>
        listTasks(bus, request),
      );
      if (json) return printJson(tasks);
      if (tasks.length === 0) return printLine(state === undefined ? 'No tasks.' : `No tasks are ${state}.`);
      const headings = ['TASK', 'P', 'STATE', 'STAGE', 'AGENT', 'TITLE'];
      const isWanted = all || state !== undefined || limit !== undefined;
      const { shown, hidden } = isWanted ? { shown: tasks, hidden: 0 } : withoutOld(tasks);
      printLine(formatTable(headings, shown.map(taskRow), outputColumns()));
      if (hidden > 0) printLine(`and ${hidden} more that are over: --all shows them`);
    });
}

/** Those that are over come last, the newest at the end. */
function withoutOld(tasks: readonly TaskSummary[]): { shown: TaskSummary[]; hidden: number } {
  const isOver = ({ state }: TaskSummary) => state === 'done' || state === 'closed';
  const over = tasks.filter(isOver).slice(-shownOver);
  const shown = [...tasks.filter((task) => !isOver(task)), ...over];
  return { shown, hidden: tasks.length - shown.length };
}

function taskRow({ id, priority, state, stage = '', agent = '', ...task }: TaskSummary): string[] {
  const title = task.title.length > 60 ? `${task.title.slice(0, 59)}…` : task.title;
  return [`#${id}`, `P${priority}`, state, stage, agent, title];
}

/** For options that count. */
export function positiveInteger(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('give a whole number above 0');
}
