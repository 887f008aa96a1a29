/** `orchestra outbox`: comments and pushes that are not made yet, and what a person may decide about them. */
import type { Command } from 'commander';
import { ask } from '../../client/ask.ts';
import type { WaitingWrite } from '../../events/commands.ts';
import { plainText } from '../../terminal/plain-text.ts';
import { formatTable } from '../../terminal/table.ts';
import { forPeople } from '../caller.ts';
import { type GlobalOptions, withDaemon } from '../daemon-connection.ts';
import { outputColumns, printJson, printLine } from '../output.ts';

export function addOutbox(program: Command): void {
  const outbox = forPeople(program.command('outbox'))
    .description('comments and pushes that are not made yet')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ orchestra outbox
  $ orchestra outbox retry                 everything that waits, at once
  $ orchestra outbox drop 12.push.4        a write that was given up`,
    )
    .action(async ({ json }: { json?: true }, command: Command) => {
      const writes = await withDaemon(command.optsWithGlobals<GlobalOptions>(), ({ bus }) =>
        ask(bus, 'outbox', {}),
      );
      if (json) printJson(writes);
      else if (writes.length === 0) printLine('nothing waits');
      else printLine(tableOf(writes));
    });
  outbox
    .command('retry [key]')
    .description('tries at once what waits or was given up')
    .action(async (key: string | undefined, _options: object, command: Command) => {
      await withDaemon(command.optsWithGlobals<GlobalOptions>(), ({ bus }) =>
        ask(bus, 'outbox.retry', key === undefined ? {} : { key }),
      );
      printLine('tried again');
    });
  outbox
    .command('drop <key>')
    .description('forgets a write that was given up')
    .action(async (key: string, _options: object, command: Command) => {
      await withDaemon(command.optsWithGlobals<GlobalOptions>(), ({ bus }) =>
        ask(bus, 'outbox.drop', { key }),
      );
      printLine(`${plainText(key)} is forgotten`);
    });
}

function tableOf(writes: readonly WaitingWrite[]): string {
  const rows = writes.map(({ key, since, isGivenUp, reason = '' }) => [
    plainText(key),
    plainText(since),
    isGivenUp ? 'given up' : 'waits',
    plainText(reason),
  ]);
  return formatTable(['WRITE', 'SINCE', 'STATE', 'REASON'], rows, outputColumns());
}
