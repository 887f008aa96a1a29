/** `orchestra logs`: the daemon's own log. */
import type { Command } from 'commander';
import { findState, type GlobalOptions } from '../daemon-connection.ts';
import { positiveInteger } from './tasks.ts';

export function addLogs(program: Command): void {
  program
    .command('logs')
    .description("the daemon's log, one JSON line a fact")
    .option('-f, --follow', 'go on with what is written')
    .option('-n, --lines <count>', 'the last so many lines', positiveInteger, 50)
    .action(async ({ follow, lines }: { follow?: true; lines: number }, command: Command) => {
      const { logFile } = await findState(command.optsWithGlobals<GlobalOptions>());
      const args = ['-n', String(lines), ...(follow ? ['-F'] : []), '--', logFile];
      const { execa } = await import('execa');
      const { exitCode } = await execa('tail', args, { stdio: 'inherit', reject: false });
      process.exitCode = exitCode ?? 1;
    });
}
