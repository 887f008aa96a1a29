/** The small program that takes down what a pane prints, bounded by itself: it outlives the daemon, as the pane does. */
import { escapeFormat, quoteForShell } from './quoting.ts';

/** Where a pane's output goes. */
export interface OutputFile {
  /** Absolute; what was there before it stands in `<file>.1`. */
  readonly file: string;
  /** The most that each of the two files may hold. */
  readonly bytes: number;
}

/** What is read at once, and so often before the size is looked at: together the most by which a file may overshoot. */
const block = 8_192;
const blocksBetweenLooks = 64;

/**
 * POSIX sh, called as `output FILE BYTES`; reads until the pane is gone or given to another reader.
 *
 * - `dd` writes each block as it comes, so that the last words of a program that dies are there at once (`head` keeps up
 *   to 4 kB back), and reads no more than it says, so that nothing is lost between two of them.
 * - A look that finds nothing new means the end of the input; a full disk ends it too, and is the daemon's to notice.
 */
export const outputScript = `#!/bin/sh
umask 077
size=$(wc -c < "$1" 2>/dev/null) || size=0
while dd bs=${block} count=${blocksBetweenLooks} >> "$1" 2>/dev/null; do
  now=$(wc -c < "$1") || exit
  [ "$now" -ne "$size" ] || exit
  size=$now
  if [ "$size" -ge "$2" ]; then
    mv -f -- "$1" "$1.1" && : >> "$1" || exit
    size=0
  fi
done
`;

/** What tmux carries out for `pipe-pane`: it expands formats, and `%` as strftime(3) does. */
export function outputCommand(scriptFile: string, { file, bytes }: OutputFile): string {
  const limit = Math.max(bytes - block * blocksBetweenLooks, block);
  const words = ['exec', '/bin/sh', quoteForShell(scriptFile), quoteForShell(file), String(limit)];
  return escapeFormat(words.join(' ')).replaceAll('%', '%%');
}
