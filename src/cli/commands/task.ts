/** `orchestra task`: one task for people; and inside a pane, what an agent reports of its own. */
import { type Command, Option } from 'commander';
import { ask, query, report } from '../../client/ask.ts';
import { persistently } from '../../client/persistently.ts';
import { formatDuration } from '../../config/duration.ts';
import type { Assignment, ReportName, ReportRequest } from '../../events/commands.ts';
import { type ToldClaim, toldClaim } from '../../fencing/meant-task.ts';
import { stageOf, type TaskRecord } from '../../tasks/task-record.ts';
import { plainLines, plainText } from '../../terminal/plain-text.ts';
import { formatTable } from '../../terminal/table.ts';
import { forPeople } from '../caller.ts';
import { CliError } from '../cli-error.ts';
import { type DaemonConnection, type GlobalOptions, withDaemon } from '../daemon-connection.ts';
import { durationArgument } from '../duration-argument.ts';
import { exitCodes } from '../exit-codes.ts';
import { outputColumns, printJson, printLine, printNotice } from '../output.ts';

export function addTask(program: Command): void {
  const task = program
    .command('task')
    .description('one task; inside a pane, what the agent reports of its own')
    .addHelpText(
      'after',
      `
Examples:
  $ orchestra task show 12
  $ orchestra task retry 12
  $ orchestra task done --note "added the Japanese greeting"      (in a pane)
  $ orchestra task block --note "which licence do we want?"       (in a pane)`,
    );
  addForPeople(task);
  addForAgents(task);
}

function addForPeople(task: Command): void {
  forPeople(task.command('show <id>'))
    .description('everything about a task')
    .option('--json', 'print JSON')
    .action(async (id: string, { json }: { json?: true }, command: Command) => {
      const found = await withDaemon(command.optsWithGlobals<GlobalOptions>(), ({ bus }) =>
        ask(bus, 'task.show', { id }),
      );
      if (json) printJson(found);
      else printLine(describe(found));
    });
  forPeople(task.command('retry <id>'))
    .description('gives a failed, blocked or done task another try')
    .action(async (id: string, _options: object, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const changed = await withDaemon(options, ({ bus }) => ask(bus, 'task.retry', { id }));
      printLine(`task ${id} waits for ${stageOf(changed) ?? 'nothing'}`);
    });
  forPeople(task.command('release <id>'))
    .description('takes a task from its agent')
    .option('--reason <text>', 'why', 'a person took it back')
    .action(async (id: string, { reason }: { reason: string }, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const changed = await withDaemon(options, ({ bus }) => ask(bus, 'task.release', { id, reason }));
      printLine(`task ${id} is ${changed.state}`);
    });
}

interface EndOptions {
  note?: string;
  wait: number;
}

function addForAgents(task: Command): void {
  const ends = [
    ['done', 'the stage is done'],
    ['fail', 'the try has failed'],
    ['block', 'it cannot go on without a person'],
  ] as const;
  for (const [verb, description] of ends) {
    patient(task.command(`${verb} [note]`), '10m')
      .description(`(in a pane) ${description}`)
      .option('--note <text>', 'what to put on record, instead of the argument')
      .action(async (text: string | undefined, { note, wait }: EndOptions, command: Command) => {
        if (text !== undefined && note !== undefined)
          throw new CliError('Give the note once: as the argument, or with --note.', exitCodes.usage);
        await reportOnTask(command, wait, verb, { note: text ?? note ?? '' });
        printLine('on record');
      });
  }
  patient(task.command('say <text>'), '10s')
    .description('(in a pane) tells people how it goes; a sign of life')
    .action((text: string, { wait }: { wait: number }, command: Command) =>
      reportPatiently(command, wait, 'say', async () => ({ text })),
    );
  patient(task.command('accept'), '10m')
    .description('(in a pane) confirms that the task was understood')
    .action(({ wait }: { wait: number }, command: Command) => reportOnTask(command, wait, 'accept', {}));
  patient(task.command('ready'), '1m')
    .description('(in a pane) says that the program takes input')
    .action(({ wait }: { wait: number }, command: Command) =>
      reportPatiently(command, wait, 'ready', async () => ({})),
    );
  task
    .command('current')
    .description('(in a pane) what is assigned, as JSON')
    .action((_options: object, command: Command) =>
      asAgent(command, async ({ bus, agent }) =>
        printJson((await query(bus, agent, 'assignment', {})).assignment),
      ),
    );
}

/** A daemon or a nats-server that is being restarted must not cost a report; with 0 it is tried once. */
function patient(command: Command, wait: string): Command {
  const option = new Option('--wait <duration>', 'how long it is repeated while nobody answers');
  return command.addOption(option.argParser(durationArgument).default(durationArgument(wait), wait));
}

/**
 * Says in every try alike which claim it means, found out before the first one is sent: when the answer to a report that is
 * on record is lost, its repetition must not be taken for one on the next task.
 */
async function reportOnTask<Verb extends 'accept' | 'done' | 'fail' | 'block'>(
  command: Command,
  wait: number,
  verb: Verb,
  request: ReportRequest<Verb>,
): Promise<void> {
  let claim = await toldClaim(process.env);
  await reportPatiently(command, wait, verb, async ({ bus, agent }) => {
    claim ??= claimOf((await query(bus, agent, 'assignment', {})).assignment);
    return { ...request, ...claim };
  });
}

const claimOf = (assignment: Assignment | null): ToldClaim | undefined =>
  assignment ? { task: assignment.task, token: assignment.token } : undefined;

/** `request` is asked in each try. */
async function reportPatiently<Verb extends ReportName>(
  command: Command,
  wait: number,
  verb: Verb,
  request: (connection: AgentConnection) => Promise<ReportRequest<Verb>>,
): Promise<void> {
  const onWaiting = (reason: string) =>
    printNotice(`Nobody takes the report yet (${reason}); it is repeated for up to ${formatDuration(wait)}.`);
  await persistently(
    (timeout) =>
      asAgent(command, async (connection) => {
        const { bus, agent } = connection;
        await report(bus, agent, verb, await request(connection), timeout);
      }),
    { wait, onWaiting },
  );
}

type AgentConnection = DaemonConnection & { agent: string };

async function asAgent(command: Command, act: (connection: AgentConnection) => Promise<void>) {
  await withDaemon(command.optsWithGlobals<GlobalOptions>(), async (connection) => {
    const { agent } = connection;
    if (agent === undefined) {
      throw new CliError(
        'Only an agent reports, from inside its pane. People use `orchestra task show|retry|release`.',
        exitCodes.usage,
      );
    }
    await act({ ...connection, agent });
  });
}

function describe(task: TaskRecord): string {
  const { issue, claim, history } = task;
  const facts: [string, string][] = [
    ['state', task.state],
    ['stage', `${stageOf(task) ?? 'none left'} (${task.flow.join(' → ')})`],
    ['priority', `P${issue.priority}`],
    ['type', issue.type ?? ''],
    ['labels', issue.labels.join(', ')],
    ['blocked by', issue.blockedBy.map((id) => `#${id}`).join(', ')],
    ['agent', claim ? `${claim.agent}, token ${task.token}` : ''],
    ['attempts', `${task.attempts} of ${task.maxAttempts} at this stage`],
    ['reason', task.reason],
    ['created', issue.createdAt],
  ];
  const lines = facts
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key.padEnd(11)} ${plainText(value)}`);
  const tries = history.map(({ at, stage, agent, outcome, summary }) => [at, stage, agent, outcome, summary]);
  const past =
    tries.length === 0
      ? []
      : ['', formatTable(['WHEN', 'STAGE', 'AGENT', 'OUTCOME', 'NOTE'], tries, outputColumns())];
  const evidence = task.evidence === '' ? [] : ['', ...indented(task.evidence)];
  return [`#${issue.id} ${plainText(issue.title)}`, '', ...lines, ...evidence, ...past].join('\n');
}

/** What a failed try has left, as data: nothing of it acts on the terminal. */
const indented = (text: string): string[] =>
  plainLines(text)
    .split('\n')
    .map((line) => `  ${line}`);
