/** `orchestra down`: ends the daemon in good order. */
import type { Command } from 'commander';
import { ask } from '../../client/ask.ts';
import { isRunning } from '../../processes/process-table.ts';
import { forPeople } from '../caller.ts';
import { CliError } from '../cli-error.ts';
import { commandName } from '../command-name.ts';
import { type GlobalOptions, isSilence, requireDaemon, withDaemon } from '../daemon-connection.ts';
import { findState } from '../find-state.ts';
import { printLine, printNotice } from '../output.ts';

/** How long to wait for the end, in ms; the daemon has deadlines of its own. */
const patience = 60_000;

export function addDown(program: Command): void {
  forPeople(program.command('down'), 'Only people end the orchestra, from outside a pane.')
    .description('ends the orchestra in good order')
    .addHelpText(
      'after',
      '\nExamples:\n  $ orchestra down\n  $ orchestra --config ~/shop/orchestra.yaml down      from any folder',
    )
    .action(async (_options: object, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const { pid, processStart } = await requireDaemon(await findState(options));
      const daemon = { pid, startTime: processStart };
      let keepsPanes = false;
      try {
        await withDaemon(options, async ({ bus }) => {
          const [view] = await Promise.all([
            // One that cannot tell its status can still end.
            ask(bus, 'status', {}).catch(() => undefined),
            ask(bus, 'shutdown', { by: 'orchestra down' }),
          ]);
          keepsPanes = view?.keepsPanes ?? false;
        });
      } catch (error) {
        if (!isSilence(error)) throw error;
        // It may have ended while it was asked, and its pid may be another process's by now.
        if (await isRunning(daemon)) {
          printNotice(`${(error as Error).message.split('\n')[0]} The daemon is sent SIGTERM.`);
          process.kill(pid, 'SIGTERM');
        }
      }
      const deadline = Date.now() + patience;
      while (await isRunning(daemon)) {
        if (Date.now() > deadline)
          throw new CliError(`The daemon (pid ${pid}) is still there; \`kill -9 ${pid}\` ends it at once.`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const left = `the agents work on in their panes, and \`${commandName()} up\` takes them over`;
      printLine(keepsPanes ? `down; ${left}` : 'down');
    });
}
