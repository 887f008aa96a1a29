/** What a person is told of an orchestra that has ended although nobody asked it to. */
import { commandName } from './command-name.ts';

/** `reason` is undefined where none is on record. */
export function ended(reason: string | undefined): string {
  const why = reason === undefined ? '' : `: ${reason}`;
  return `The orchestra has ended${why}; \`${commandName()} up\` starts it.`;
}
