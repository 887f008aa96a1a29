#!/usr/bin/env node
/** The `orchestra` command: parses, runs one command, and turns every failure into one message and an exit status. */
import { watchOutputs } from './output-errors.ts';
import { createProgram } from './program.ts';
import { reportFailure } from './report-failure.ts';

watchOutputs();

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error);
  // What a failure has left open in here must not keep the process alive.
  setTimeout(() => process.exit(), 3_000).unref();
}
