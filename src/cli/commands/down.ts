/** `orchestra down`: ends the daemon in good order. */
import type { Command } from 'commander';
import { ask } from '../../client/ask.ts';
import { processStartTime } from '../../processes/process-start-time.ts';
import { CliError } from '../cli-error.ts';
import { findState, type GlobalOptions, requireDaemon, withDaemon } from '../daemon-connection.ts';
import { printLine, printNotice } from '../output.ts';

/** How long to wait for the end, in ms; the daemon has deadlines of its own. */
const patience = 60_000;

export function addDown(program: Command): void {
  program
    .command('down')
    .description('ends the orchestra in good order')
    .action(async (_options: object, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const { pid } = await requireDaemon(await findState(options));
      try {
        await withDaemon(options, ({ bus }) => ask(bus, 'shutdown', { by: 'orchestra down' }));
      } catch (error) {
        printNotice(
          `The daemon does not answer (${(error as Error).message.split('\n')[0]}); it is sent SIGTERM.`,
        );
        process.kill(pid, 'SIGTERM');
      }
      const deadline = Date.now() + patience;
      while ((await processStartTime(pid)) !== undefined) {
        if (Date.now() > deadline)
          throw new CliError(`The daemon (pid ${pid}) is still there; \`kill -9 ${pid}\` ends it at once.`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      printLine('down');
    });
}
