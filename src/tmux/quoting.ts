/** Writing arbitrary text into tmux's command language and its formats so that it means only itself. */
import { TmuxError } from './tmux-error.ts';

/** One command: its name and its arguments. */
export type Command = readonly string[];

/** A line for a control client: the commands in sequence, the rest skipped when one fails. */
export function quoteCommands(commands: readonly Command[]): string {
  return commands.map((argv) => argv.map(quoteArgument).join(' ')).join(' ; ');
}

/**
 * An argument in double quotes. Whatever is not plainly harmless is written as the octal escapes of its UTF-8 bytes
 * (tmux(1), PARSING SYNTAX), so the line is ASCII, holds no newline and nothing that tmux expands.
 *
 * @throws TmuxError `command-failed` for NUL, which no argument can hold
 */
export function quoteArgument(text: string): string {
  if (text.includes('\0'))
    throw new TmuxError('command-failed', 'An argument for tmux holds a NUL character.');
  return `"${text.replace(/[^A-Za-z0-9 _.,:;=@%/+#{}-]+/g, escapeBytes)}"`;
}

/** Text for an argument that tmux expands as a format. `#[` is a style, which formats leave as it stands. */
export function escapeFormat(text: string): string {
  return text.replace(/#+(?![#[])/g, (hashes) => hashes + hashes);
}

/** Text as one word for sh(1). */
export function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function escapeBytes(text: string): string {
  return [...Buffer.from(text)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
