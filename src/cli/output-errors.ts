/** What becomes of a command that cannot print any more. */
import { exitCodes } from './exit-codes.ts';
import { printNotice } from './output.ts';

/** What a closed pipe (`orchestra events | head`) and a closed terminal answer. */
const readerGone = new Set(['EPIPE', 'EIO']);

/**
 * From now on a reader that goes away ends the command quietly, and output that cannot be written for another reason,
 * such as a full disk, with a message. A daemon, which listens itself, ends in good order.
 */
export function watchOutputs(): void {
  for (const output of [process.stdout, process.stderr]) {
    output.on('error', ({ code = '', message }: NodeJS.ErrnoException) => {
      if (output.listenerCount('error') > 1) return;
      if (readerGone.has(code)) process.exit(0);
      if (output === process.stdout) printNotice(`The output cannot be written: ${message}.`);
      process.exit(exitCodes.output);
    });
  }
}
