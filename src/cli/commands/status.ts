/** `orchestra status`: the orchestra at a glance. */
import type { Command } from 'commander';
import { ask } from '../../client/ask.ts';
import { formatDuration } from '../../config/duration.ts';
import type { OrchestraView } from '../../events/commands.ts';
import { plainText } from '../../terminal/plain-text.ts';
import { forPeople } from '../caller.ts';
import { type GlobalOptions, withDaemon } from '../daemon-connection.ts';
import { printJson, printLine } from '../output.ts';
import { printAgents } from './agents.ts';

export function addStatus(program: Command): void {
  forPeople(program.command('status'))
    .description('the orchestra at a glance')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  $ orchestra status\n  $ orchestra status --json | jq .tasks')
    .action(async ({ json }: { json?: true }, command: Command) => {
      const view = await withDaemon(command.optsWithGlobals<GlobalOptions>(), ({ bus }) =>
        ask(bus, 'status', {}),
      );
      if (json) return printJson(view);
      const { tasks } = view;
      const up = formatDuration(Date.now() - Date.parse(view.startedAt));
      printLine(
        `${view.name} on ${view.node}: up ${up}, pid ${view.pid}, version ${view.version}, bus ${view.natsUrl}`,
      );
      printLine(
        `${tasks.total} tasks: ${tasks.working} under way, ${tasks.waiting} waiting, ${tasks.done} done, ` +
          `${tasks.failed} failed, ${tasks.blocked} need a person, ${tasks.closed} closed`,
      );
      const held = outboxLine(view.outbox);
      if (held !== undefined) printLine(held);
      printLine();
      printAgents(view.agents);
    });
}

/** Undefined when there is nothing to say. */
export function outboxLine({ waiting, givenUp, reason }: OrchestraView['outbox']): string | undefined {
  if (waiting + givenUp === 0) return undefined;
  const why = reason === undefined ? '' : `: ${plainText(reason)}`;
  return `${waiting} comments or pushes wait, ${givenUp} given up${why} (\`orchestra outbox\`)`;
}
