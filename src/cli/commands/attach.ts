/** `orchestra attach`: the panes, in this terminal. */
import type { Command } from 'commander';
import { forPeople } from '../caller.ts';
import { CliError } from '../cli-error.ts';
import { type GlobalOptions, requireDaemon, withDaemon } from '../daemon-connection.ts';
import { exitCodes } from '../exit-codes.ts';
import { findState } from '../find-state.ts';
import { knownAgent } from '../known-agent.ts';
import { printLine } from '../output.ts';

export function addAttach(program: Command): void {
  forPeople(program.command('attach [agent]'))
    .description("shows the panes; with a name, that agent's window. Leave with Ctrl-b d")
    .option('--print', 'print the tmux command instead of running it')
    .addHelpText(
      'after',
      `
Examples:
  $ orchestra attach                      all panes side by side, and a window an agent
  $ orchestra attach kaede
  $ orchestra attach --print              for a terminal elsewhere, such as one over ssh`,
    )
    .action(async (name: string | undefined, { print }: { print?: true }, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const { attach } = await requireDaemon(await findState(options));
      const argv =
        name === undefined ? attach : [...attach, ';', 'select-window', '-t', await paneOf(options, name)];
      if (print) return printLine(argv.map(quote).join(' '));
      if (!process.stdout.isTTY)
        throw new CliError(
          'This is no terminal; `orchestra attach --print` shows the command.',
          exitCodes.usage,
        );
      // Inside another tmux the panes nest; without TMUX it allows that, and the prefix is pressed twice for the inner one.
      const [program = 'tmux', ...args] = argv;
      const { execa } = await import('execa');
      const { exitCode } = await execa(program, args, {
        stdio: 'inherit',
        reject: false,
        env: { TMUX: undefined },
      });
      process.exitCode = exitCode ?? 1;
    });
}

async function paneOf(options: GlobalOptions, name: string): Promise<string> {
  const { pane } = await withDaemon(options, ({ bus }) => knownAgent(bus, name));
  if (pane !== undefined) return pane;
  throw new CliError(`${name} has no pane at present; \`orchestra agents\` shows how it goes.`);
}

const quote = (word: string): string =>
  /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
