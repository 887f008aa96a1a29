/** `orchestra backup`: everything the orchestra knows, in one file. */
import type { Command } from 'commander';
import { forPeople } from '../caller.ts';
import type { GlobalOptions } from '../find-state.ts';

interface BackupCommandOptions extends GlobalOptions {
  verify?: true;
  json?: true;
}

export function addBackup(program: Command): void {
  forPeople(program.command('backup <file>'))
    .description('puts tasks, messages, history and unfinished work into one file, while it runs or not')
    .option('--verify', 'write nothing: find out whether the file is whole and undamaged')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
An older backup of that name is replaced when the new one is whole; the file is readable by you only.
Keys are not in it, nor the issues, the repository itself, files that git ignores, panes and their programs.

Examples:
  $ orchestra backup ~/backups/orchestra-$(date +%F).tar.gz
  $ orchestra backup --verify ~/backups/orchestra-2026-11-22.tar.gz
  $ orchestra restore ~/backups/orchestra-2026-11-22.tar.gz      on an empty state folder`,
    )
    .action(async (file: string, { verify }: BackupCommandOptions, command: Command) => {
      const options = command.optsWithGlobals<BackupCommandOptions>();
      const { runBackup, runVerify } = await import('../backup/run-backup.ts');
      await (verify ? runVerify(file, options) : runBackup(file, options));
    });
}
