/** `orchestra tasks`: all tasks, those under way first. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { ask } from '../../client/ask.ts';
import { stageOf, type TaskRecord } from '../../tasks/task-record.ts';
import { formatTable } from '../../terminal/table.ts';
import { type GlobalOptions, withDaemon } from '../daemon-connection.ts';
import { printJson, printLine } from '../output.ts';

const states = ['waiting', 'assigned', 'working', 'blocked', 'failed', 'done', 'closed'];

interface TasksOptions {
  json?: true;
  state?: string;
  limit?: number;
}

export function addTasks(program: Command): void {
  program
    .command('tasks')
    .description('the tasks, those under way first, then in the order in which they are taken')
    .option('--json', 'print JSON')
    .addOption(new Option('--state <state>', 'only tasks in this state').choices(states))
    .option('--limit <count>', 'at most so many', positiveInteger)
    .action(async ({ json, state, limit }: TasksOptions, command: Command) => {
      const request = {
        ...(state === undefined ? {} : { state }),
        ...(limit === undefined ? {} : { limit }),
      };
      const tasks = await withDaemon(command.optsWithGlobals<GlobalOptions>(), ({ bus }) =>
        ask(bus, 'tasks', request),
      );
      if (json) return printJson(tasks);
      if (tasks.length === 0) return printLine(state === undefined ? 'No tasks.' : `No tasks are ${state}.`);
      printLine(formatTable(['TASK', 'P', 'STATE', 'STAGE', 'AGENT', 'TITLE'], tasks.map(taskRow)));
    });
}

export function taskRow(task: TaskRecord): string[] {
  const { issue, state, claim } = task;
  const title = issue.title.length > 60 ? `${issue.title.slice(0, 59)}…` : issue.title;
  return [`#${issue.id}`, `P${issue.priority}`, state, stageOf(task) ?? '', claim?.agent ?? '', title];
}

/** For options that count. */
export function positiveInteger(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('give a whole number above 0');
}
