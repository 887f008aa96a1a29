/** `orchestra replay`: what the machines did, step by step. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { forPeople } from '../caller.ts';
import type { GlobalOptions } from '../find-state.ts';
import { parseMoment } from '../replay/moment.ts';

export interface ReplayOptions {
  from: Date;
  to?: Date;
  agent?: string;
  json?: true;
  plain?: true;
  page?: true;
}

export function addReplay(program: Command): void {
  forPeople(program.command('replay'))
    .description('what the machines did, step by step, as the journal has recorded it')
    .requiredOption(
      '--from <time>',
      'the beginning: 18:03, 2026-11-22T18:03:12Z, or how long ago (10m)',
      moment,
    )
    .option('--to <time>', 'the end (otherwise now)', moment)
    .option('--agent <name>', 'only what belongs to this agent', agentName)
    .addOption(new Option('--page', 'show it in a browser').conflicts(['plain', 'json']))
    .addOption(new Option('--plain', 'a line a transition, also on a terminal').conflicts('json'))
    .option('--json', 'print one JSON object a line')
    .addHelpText(
      'after',
      `
On a terminal: ← and → (or k and j) step, PgUp and PgDn (or b and space) go a page, Home and End to the ends,
p plays as fast as it happened (a longer wait than 2 s is cut short), q ends.

The journal leaves out the rounds that the clock begins and that change nothing.

Examples:
  $ orchestra replay --from 10m
  $ orchestra replay --from 18:03 --to 18:05 --agent kaede
  $ orchestra replay --from 2026-11-22 --json | jq -r .path`,
    )
    .action(async (options: ReplayOptions, command: Command) => {
      const { runReplay } = await import('../replay/run-replay.ts');
      await runReplay(options, command.optsWithGlobals<GlobalOptions>());
    });
}

const moment = (value: string): Date => parseMoment(value);

function agentName(value: string): string {
  if (/^[a-z0-9-]{1,32}$/u.test(value)) return value;
  throw new InvalidArgumentError("give an agent's name, for example kaede");
}
