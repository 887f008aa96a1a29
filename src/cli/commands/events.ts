/** `orchestra events`: the facts, as they were told and as they come. */
import { parse } from '@lukeed/ms';
import { type Command, InvalidArgumentError } from 'commander';
import { readEvents } from '../../bus/read-events.ts';
import { readFact } from '../../events/facts.ts';
import { factLine } from '../../terminal/fact-line.ts';
import { safeJson } from '../../terminal/safe-json.ts';
import { forPeople } from '../caller.ts';
import { type GlobalOptions, withDaemon } from '../daemon-connection.ts';
import { printLine } from '../output.ts';
import { positiveInteger } from './tasks.ts';

interface EventsOptions {
  json?: true;
  follow?: true;
  since?: number;
  limit?: number;
  about?: string;
}

export function addEvents(program: Command): void {
  forPeople(program.command('events'))
    .description('the facts that agents, tasks and the node have told')
    .option('-f, --follow', 'go on with those that come')
    .option('--since <duration>', 'from so long ago, for example 10m', duration)
    .option('--limit <count>', 'end after so many', positiveInteger)
    .option('--about <name>', 'only of this agent, task id or node')
    .option('--json', 'print one JSON object a line')
    .addHelpText(
      'after',
      `
Examples:
  $ orchestra events --follow
  $ orchestra events --since 1h --about kaede
  $ orchestra events --about 12 --json | jq -r .name`,
    )
    .action(async (options: EventsOptions, command: Command) => {
      await withDaemon(command.optsWithGlobals<GlobalOptions>(), async ({ bus }) => {
        const subject = options.about === undefined ? 'orchestra.>' : `orchestra.*.${options.about}.>`;
        let shown = 0;
        for await (const { subject: from, body } of readEvents(bus, {
          subjects: [subject],
          follow: options.follow === true,
          ...(options.since === undefined ? {} : { since: { time: new Date(Date.now() - options.since) } }),
          ...(options.limit === undefined || options.follow ? {} : { limit: options.limit }),
        })) {
          const fact = readFact(from, body);
          if (!fact) continue;
          printLine(options.json ? safeJson(fact) : factLine(fact));
          shown += 1;
          if (shown === options.limit) break;
        }
      });
    });
}

function duration(value: string): number {
  const milliseconds = parse(value);
  if (milliseconds === undefined) throw new InvalidArgumentError('give a duration, for example 10m');
  return milliseconds;
}
