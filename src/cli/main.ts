#!/usr/bin/env node
/** The `orchestra` command: parses, runs one command, and turns every failure into one message and an exit status. */
import { createProgram } from './program.ts';
import { reportFailure } from './report-failure.ts';

// A reader that goes away (`orchestra events | head`) ends the command, quietly.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error);
}
