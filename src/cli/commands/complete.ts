/** `orchestra complete`: the script that makes a shell complete, and the answers to what that script asks. */
import { RootCommand, ShellCompDirective, script } from '@bomb.sh/tab';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { bashRegistration } from '../completion/bash-registration.ts';
import { completedBy } from '../completion/completed.ts';
import { describeCommands } from '../completion/describe-commands.ts';
import { isPath, valuesFor } from '../completion/value-sources.ts';
import { exitCodes } from '../exit-codes.ts';
import { printLine } from '../output.ts';

const shells = ['bash', 'zsh', 'fish', 'powershell'];

export function addComplete(program: Command): void {
  program
    .command('complete <shell>')
    .description(`prints the completion for a shell: ${shells.join(', ')}`)
    .allowExcessArguments()
    .addHelpText(
      'after',
      `
bash needs the package bash-completion. Names that the daemon knows are waited for as long as 700 ms, or as
ORCHESTRA_COMPLETION_PATIENCE says (for example 3s).

Examples:
  $ source <(orchestra complete bash)
  $ orchestra complete fish > ~/.config/fish/completions/orchestra.fish`,
    )
    .action(async (shell: string, _options: object, command: Command) => {
      if (isRequest(process.argv)) return suggest(program, command.args);
      if (!shells.includes(shell))
        throw new CliError(
          `There is no completion for "${shell}"; there is for ${shells.join(', ')}.`,
          exitCodes.usage,
        );
      script(shell, program.name(), program.name());
      if (shell === 'bash') printLine(bashRegistration(program.name()));
    });
}

/** The scripts call `orchestra complete -- <words>`. */
function isRequest(argv: readonly string[]): boolean {
  const index = argv.indexOf('complete');
  return argv[index + 1] === '--';
}

/** Prints what could stand for the last word, as the scripts read it. */
async function suggest(program: Command, words: readonly string[]): Promise<void> {
  const before = words.slice(0, -1);
  const completed = completedBy(program, before);
  const isFlag = words.at(-1)?.startsWith('-') ?? false;
  if (!isFlag && completed.value && isPath(completed.value))
    return printLine(`:${ShellCompDirective.ShellCompDirectiveDefault}`);
  const values = isFlag ? [] : await valuesFor(completed, before);
  const root = new RootCommand();
  describeCommands(program, root, values);
  root.parse([...words]);
  // A daemon that does not answer must not keep the shell waiting.
  setTimeout(() => process.exit(), 0).unref();
}
