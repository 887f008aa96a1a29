/** `orchestra inbox`: what has been written to an agent. */
import type { Command } from 'commander';
import { query } from '../../client/ask.ts';
import { readInbox } from '../../client/read-inbox.ts';
import { plainText } from '../../terminal/plain-text.ts';
import { formatTable } from '../../terminal/table.ts';
import { CliError } from '../cli-error.ts';
import { type GlobalOptions, withDaemon } from '../daemon-connection.ts';
import { exitCodes } from '../exit-codes.ts';
import { knownAgent } from '../known-agent.ts';
import { printJson, printLine } from '../output.ts';
import { positiveInteger } from './tasks.ts';

export function addInbox(program: Command): void {
  program
    .command('inbox [agent]')
    .description("an agent's latest messages; inside a pane, one's own")
    .option('--limit <count>', 'at most so many', positiveInteger, 20)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ orchestra inbox kaede\n  $ orchestra inbox kaede --limit 1 --json\n  $ orchestra inbox      (in a pane)',
    )
    .action(
      async (name: string | undefined, { json, limit }: { json?: true; limit: number }, command: Command) => {
        const messages = await withDaemon(
          command.optsWithGlobals<GlobalOptions>(),
          async ({ bus, agent }) => {
            if (agent !== undefined) {
              if (name === undefined || name === agent) return query(bus, agent, 'inbox', { limit });
              throw new CliError(
                `This is ${agent}'s pane, and an inbox is its owner's alone: \`orchestra inbox\` shows it.`,
                exitCodes.usage,
              );
            }
            if (name === undefined)
              throw new CliError('Whose inbox? Name an agent: `orchestra inbox kaede`.', exitCodes.usage);
            await knownAgent(bus, name);
            return readInbox(bus, name, limit);
          },
        );
        if (json) return printJson(messages);
        if (messages.length === 0) return printLine('No messages.');
        const rows = messages.map(({ sentAt, from, text }) => [sentAt, from, plainText(text)]);
        printLine(formatTable(['SENT', 'FROM', 'TEXT'], rows));
      },
    );
}
