/** `orchestra restore`: a backup into an empty state folder. */
import { type Command, Option } from 'commander';
import { forPeople } from '../caller.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import type { GlobalOptions } from '../find-state.ts';

interface RestoreCommandOptions extends GlobalOptions {
  force?: true;
  json?: true;
}

/** People try it: they are told why it does not exist. */
const noForce =
  'There is no --force: a restore over another state would mix two lives of the same tasks. End the orchestra with `orchestra down`, move its state folder away, and restore.';

export function addRestore(program: Command): void {
  forPeople(program.command('restore <file>'))
    .description('puts what a backup holds into an empty state folder')
    .addOption(new Option('--force').hideHelp())
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
The file is checked from end to end before anything is written. A state folder that holds something, or on which an
orchestra runs, is left alone. Config, repository and issues have to be there: a copy of the config is in the backup
(tar -xzf FILE config/orchestra.yaml). Keys are made anew.

Examples:
  $ orchestra restore ~/backups/orchestra-2026-11-22.tar.gz && orchestra up
  $ orchestra --state-folder /tmp/look restore backup.tar.gz`,
    )
    .action(async (file: string, { force }: RestoreCommandOptions, command: Command) => {
      if (force) throw new CliError(noForce, exitCodes.usage);
      const { runRestore } = await import('../backup/run-restore.ts');
      await runRestore(file, command.optsWithGlobals<RestoreCommandOptions>());
    });
}
