/** `orchestra tasks`: all tasks, those under way first. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { listTasks } from '../../client/list-tasks.ts';
import type { TaskSummary } from '../../events/commands.ts';
import { TaskState } from '../../tasks/task-record.ts';
import { formatTable } from '../../terminal/table.ts';
import { forPeople } from '../caller.ts';
import { type GlobalOptions, withDaemon } from '../daemon-connection.ts';
import { outputColumns, printJson, printLine } from '../output.ts';

interface TasksOptions {
  json?: true;
  state?: TaskState;
  limit?: number;
}

export function addTasks(program: Command): void {
  forPeople(program.command('tasks'))
    .description('the tasks, those under way first, then in the order in which they are taken')
    .option('--json', 'print JSON')
    .addOption(new Option('--state <state>', 'only tasks in this state').choices(TaskState.options))
    .option('--limit <count>', 'at most so many', positiveInteger)
    .addHelpText(
      'after',
      `
Examples:
  $ orchestra tasks
  $ orchestra tasks --state failed
  $ orchestra tasks --json | jq -r '.[] | select(.agent == "kaede") | .id'`,
    )
    .action(async ({ json, state, limit }: TasksOptions, command: Command) => {
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
      printLine(formatTable(headings, tasks.map(taskRow), outputColumns()));
    });
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
