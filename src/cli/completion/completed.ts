/** Which argument or option a person is about to give a value to, told from the words before it. */
import type { Argument, Command, Option } from 'commander';

/** The command that the words lead to; its `path` is how it is called below the program, such as `tree kill`. */
export interface Completed {
  readonly path: string;
  readonly value: Option | Argument | undefined;
}

/** @param words those before the one that is completed, without `orchestra` */
export function completedBy(program: Command, words: readonly string[]): Completed {
  const names: string[] = [];
  let command = program;
  let given = 0;
  let option: Option | undefined;
  for (const word of words) {
    const isValue = option !== undefined;
    option = isValue ? undefined : valueOption(program, command, word);
    if (isValue || word.startsWith('-')) continue;
    const next = command.commands.find((one) => one.name() === word);
    if (next && given === 0) {
      command = next;
      names.push(word);
    } else given += 1;
  }
  return { path: names.join(' '), value: option ?? argumentAt(command, given) };
}

function valueOption(program: Command, command: Command, word: string): Option | undefined {
  const options = [...command.options, ...(command.parent?.options ?? []), ...program.options];
  const option = options.find(({ short, long }) => word === short || word === long);
  return option && (option.required || option.optional) ? option : undefined;
}

function argumentAt({ registeredArguments }: Command, index: number): Argument | undefined {
  const last = registeredArguments.at(-1);
  return registeredArguments[index] ?? (last?.variadic ? last : undefined);
}
