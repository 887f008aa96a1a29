/** `orchestra status`: the orchestra at a glance. */
import type { Command } from 'commander';
import { ask } from '../../client/ask.ts';
import { formatDuration } from '../../config/duration.ts';
import type { OrchestraView } from '../../events/commands.ts';
import { markedLines, plainText } from '../../terminal/plain-text.ts';
import { forPeople } from '../caller.ts';
import { counted } from '../counted.ts';
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
        `${counted(tasks.total, 'task')}: ${tasks.working} under way, ${tasks.waiting} waiting, ${tasks.done} done, ` +
          `${tasks.failed} failed, ${tasks.blocked} blocked, ${tasks.closed} closed`,
      );
      const forSomebody = personLine(tasks);
      if (forSomebody !== undefined) printLine(forSomebody);
      if (view.diskIsLow) printLine(diskLine);
      const held = outboxLine(view.outbox);
      if (held !== undefined) printLine(held);
      printLine();
      printAgents(view.agents);
    });
}

const diskLine =
  'the disk of the state folder is nearly full: no new work is assigned until there is room (`orchestra doctor` names the folder)';

/** Who has to act where agents cannot go on; undefined when nobody has to. */
function personLine({ failed, blocked }: OrchestraView['tasks']): string | undefined {
  if (failed + blocked === 0) return undefined;
  const states = [failed > 0 && 'failed', blocked > 0 && 'blocked'].filter((state) => state !== false);
  const where = states.map((state) => `\`orchestra tasks --state ${state}\``).join(', ');
  return `${counted(failed + blocked, 'task needs', 'tasks need')} a person: ${where}`;
}

/** Undefined when there is nothing to say. */
export function outboxLine({ waiting, givenUp, reason }: OrchestraView['outbox']): string | undefined {
  if (waiting + givenUp === 0) return undefined;
  const why = reason === undefined ? '' : `: ${plainText(markedLines(reason))}`;
  return `${counted(waiting, 'comment or push waits', 'comments or pushes wait')}, ${givenUp} given up${why} (\`orchestra outbox\`)`;
}
