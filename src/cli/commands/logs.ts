/** `orchestra logs`: the daemon's own log. */
import { access } from 'node:fs/promises';
import type { Command } from 'commander';
import { escapeControls } from '../../terminal/safe-json.ts';
import { findState, type GlobalOptions } from '../find-state.ts';
import { printLine, printNotice } from '../output.ts';
import { positiveInteger } from './tasks.ts';

export function addLogs(program: Command): void {
  program
    .command('logs')
    .description("the daemon's log, one JSON line a fact")
    .option('-f, --follow', 'go on with what is written')
    .option('-n, --lines <count>', 'the last so many lines', positiveInteger, 50)
    .addHelpText('after', '\nExamples:\n  $ orchestra logs -n 200\n  $ orchestra logs -f | jq -r .msg')
    .action(async ({ follow, lines }: { follow?: true; lines: number }, command: Command) => {
      const { logFile } = await findState(command.optsWithGlobals<GlobalOptions>());
      if (!(await isThere(logFile))) return printNotice(`There is no log yet at ${logFile}.`);
      const args = ['-n', String(lines), ...(follow ? ['-F'] : []), '--', logFile];
      const { execa } = await import('execa');
      const tail = execa('tail', args, {
        stdio: ['ignore', 'pipe', 'inherit'],
        reject: false,
        buffer: false,
      });
      for await (const line of tail) printLine(escapeControls(line));
      process.exitCode = (await tail).exitCode ?? 1;
    });
}

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
