#!/usr/bin/env node
/** The `orchestra` command: parses, runs one command, and turns every failure into one message and an exit status. */
import { createProgram } from './program.ts';
import { reportFailure } from './report-failure.ts';

// A reader that goes away (`orchestra events | head`) ends the command, quietly and, for a daemon, in good order.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  if (process.listenerCount('SIGTERM') > 0) process.emit('SIGTERM', 'SIGTERM');
  else process.exit(0);
});

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error);
}
