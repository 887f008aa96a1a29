/** `orchestra up`: starts the orchestra and shows it, until it is asked to stop or has nothing left to do. */
import type { Command } from 'commander';
import { forPeople } from '../caller.ts';
import type { UpOptions } from '../up/run-up.ts';

export function addUp(program: Command): void {
  forPeople(program.command('up'))
    .description('starts the orchestra and shows what it does')
    .option('--sample', "make the sample project where the config expects it, if it isn't there")
    .option('--fresh', 'with --sample: throw the sample and everything about its tasks away and begin anew')
    .option(
      '--until-idle',
      'end when nothing is left to do: exit 0 when all tasks are done, 1 when some are not',
    )
    .option('--plain', 'one line a fact, also on a terminal')
    .option('-d, --detach', 'go on in the background; `orchestra down` ends it')
    .addHelpText(
      'after',
      `
Examples:
  $ orchestra up                       on a terminal a live picture, elsewhere one line a fact
  $ orchestra up --until-idle          work everything off, then end with a summary
  $ orchestra up --detach && orchestra status`,
    )
    .action(async (_options: UpOptions, command: Command) => {
      const { runUp } = await import('../up/run-up.ts');
      process.exitCode = await runUp(command.optsWithGlobals<UpOptions>());
    });
}
