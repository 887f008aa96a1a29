/** `orchestra send`: a message to one agent or to all. */
import { text as readAll } from 'node:stream/consumers';
import type { Command } from 'commander';
import { ask, query } from '../../client/ask.ts';
import { sendMessage } from '../../client/send-message.ts';
import { CliError } from '../cli-error.ts';
import { type DaemonConnection, type GlobalOptions, withDaemon } from '../daemon-connection.ts';
import { exitCodes } from '../exit-codes.ts';
import { printLine } from '../output.ts';

export function addSend(program: Command): void {
  program
    .command('send <to> [text]')
    .description('writes to an agent, or to "all"; without a text, what comes on standard input')
    .addHelpText(
      'after',
      '\nExamples:\n  $ orchestra send kaede "please use tabs"\n  $ git log -5 | orchestra send all',
    )
    .action(async (to: string, text: string | undefined, _options: object, command: Command) => {
      const message = text ?? (process.stdin.isTTY ? '' : (await readAll(process.stdin)).trimEnd());
      if (message === '')
        throw new CliError('There is nothing to send: give a text, or pipe one in.', exitCodes.usage);
      await withDaemon(command.optsWithGlobals<GlobalOptions>(), async (connection) => {
        const names = await recipients(connection, to);
        for (const name of names)
          await sendMessage(connection.bus, { to: name, from: connection.agent, text: message });
        printLine(`stored for ${names.join(', ')}`);
      });
    });
}

/** Everybody but oneself for "all"; a name is checked, because a mistyped one would wait for ever. */
async function recipients({ bus, agent }: DaemonConnection, to: string): Promise<string[]> {
  const agents =
    agent === undefined ? await ask(bus, 'agents', {}) : await query(bus, agent, 'colleagues', {});
  const names = agents.map(({ name }) => name);
  if (to === 'all') return names.filter((name) => name !== agent);
  if (names.includes(to)) return [to];
  throw new CliError(`There is no agent "${to}"; there are ${names.join(', ')}, and "all".`, exitCodes.usage);
}
