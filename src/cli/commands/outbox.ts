/** `orchestra outbox`: comments and pushes that are not made yet, and what a person may decide about them. */
import type { Command } from 'commander';
import type { Bus } from '../../bus/bus.ts';
import { BusError } from '../../bus/bus-error.ts';
import { ask } from '../../client/ask.ts';
import type { WaitingWrite } from '../../events/commands.ts';
import { markedLines, plainText } from '../../terminal/plain-text.ts';
import { formatTable } from '../../terminal/table.ts';
import { forPeople } from '../caller.ts';
import { CliError } from '../cli-error.ts';
import { type GlobalOptions, withDaemon } from '../daemon-connection.ts';
import { exitCodes } from '../exit-codes.ts';
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
        ask(bus, 'outbox.retry', key === undefined ? {} : { key }).catch((error) => {
          throw isUnknown(error) ? noWrite(key ?? '', '') : error;
        }),
      );
      printLine('tried again');
    });
  outbox
    .command('drop <key>')
    .description('forgets a write that was given up')
    .action(async (key: string, _options: object, command: Command) => {
      await withDaemon(command.optsWithGlobals<GlobalOptions>(), ({ bus }) =>
        ask(bus, 'outbox.drop', { key }).catch(async (error) => {
          throw isUnknown(error) ? await notDropped(bus, key) : error;
        }),
      );
      printLine(`${plainText(key)} is forgotten`);
    });
}

const isUnknown = (error: unknown): boolean =>
  error instanceof BusError && error.remoteCode === 'unknown-write';

/** The daemon drops only what was given up, and does not say what became of the rest. */
async function notDropped(bus: Bus, key: string): Promise<CliError> {
  const waits = (await ask(bus, 'outbox', { limit: 1000 })).some((write) => write.key === key);
  if (!waits) return noWrite(key, ' that was given up');
  return new CliError(
    `${key} was not given up: it waits and is tried until it succeeds. Only what was given up can be dropped.`,
  );
}

const noWrite = (key: string, which: string): CliError =>
  new CliError(`there is no write "${key}"${which}; \`orchestra outbox\` lists them`, exitCodes.usage);

function tableOf(writes: readonly WaitingWrite[]): string {
  const rows = writes.map(({ key, since, isGivenUp, reason = '' }) => [
    plainText(key),
    plainText(since),
    isGivenUp ? 'given up' : 'waits',
    plainText(markedLines(reason)),
  ]);
  return formatTable(['WRITE', 'SINCE', 'STATE', 'REASON'], rows, outputColumns());
}
