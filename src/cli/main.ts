#!/usr/bin/env node
/** The `orchestra` command: parses, runs one command, and turns every failure into one message and an exit status. */
import { createProgram } from './program.ts';
import { reportFailure } from './report-failure.ts';

// A reader that goes away (`orchestra events | head`, a closed terminal) ends the command, quietly; a daemon, which
// listens itself, ends in good order.
for (const output of [process.stdout, process.stderr]) {
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    if (output.listenerCount('error') === 1) process.exit(0);
  });
}

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error);
  // What a failure has left open in here must not keep the process alive.
  setTimeout(() => process.exit(), 3_000).unref();
}
