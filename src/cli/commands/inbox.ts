/** `orchestra inbox`: what has been written to an agent. */
import type { Command } from 'commander';
import { ask, query } from '../../client/ask.ts';
import { plainText } from '../../terminal/plain-text.ts';
import { formatTable } from '../../terminal/table.ts';
import { CliError } from '../cli-error.ts';
import { type GlobalOptions, withDaemon } from '../daemon-connection.ts';
import { exitCodes } from '../exit-codes.ts';
import { printJson, printLine } from '../output.ts';
import { positiveInteger } from './tasks.ts';

export function addInbox(program: Command): void {
  program
    .command('inbox [agent]')
    .description("an agent's latest messages; inside a pane, one's own")
    .option('--limit <count>', 'at most so many', positiveInteger, 20)
    .option('--json', 'print JSON')
    .action(
      async (name: string | undefined, { json, limit }: { json?: true; limit: number }, command: Command) => {
        const messages = await withDaemon(command.optsWithGlobals<GlobalOptions>(), ({ bus, agent }) => {
          if (agent !== undefined) return query(bus, agent, 'inbox', { limit });
          if (name === undefined)
            throw new CliError('Whose inbox? Name an agent: `orchestra inbox kaede`.', exitCodes.usage);
          return ask(bus, 'inbox', { agent: name, limit });
        });
        if (json) return printJson(messages);
        if (messages.length === 0) return printLine('No messages.');
        const rows = messages.map(({ sentAt, from, text }) => [sentAt, from, plainText(text)]);
        printLine(formatTable(['SENT', 'FROM', 'TEXT'], rows));
      },
    );
}
