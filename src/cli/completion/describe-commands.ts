/** Tells the completion library what commands, options and arguments there are. */
import type { Complete, RootCommand } from '@bomb.sh/tab';
import type { Argument, Command, Option } from 'commander';

/** @param values what is offered wherever a value can stand that has no choices of its own: one is asked for at a time */
export function describeCommands(program: Command, root: RootCommand, values: readonly string[]): void {
  const describe = (command: Command, path: readonly string[]): void => {
    const described = path.length === 0 ? root : root.command(path.join(' '), command.description());
    for (const option of command.createHelp().visibleOptions(command)) {
      const long = option.long?.slice(2);
      if (long === undefined) continue;
      const alias = option.short?.slice(1);
      if (option.required || option.optional)
        described.option(long, option.description, offer(option, values), alias);
      else if (alias === undefined) described.option(long, option.description);
      else described.option(long, option.description, alias);
    }
    for (const argument of command.registeredArguments)
      described.argument(argument.name(), offer(argument, values), argument.variadic);
    for (const below of command.createHelp().visibleCommands(command))
      describe(below, [...path, below.name()]);
  };
  describe(program, []);
}

const offer =
  ({ argChoices }: Option | Argument, values: readonly string[]) =>
  (complete: Complete) => {
    for (const value of argChoices ?? values) complete(value, '');
  };
