/** From an error to what the user reads and the exit status. */
import { CommanderError } from 'commander';
import { BusError } from '../bus/bus-error.ts';
import { ConfigError } from '../config/config-error.ts';
import { StartError } from '../daemon/start-error.ts';
import { FolderLockedError } from '../state-folder/folder-lock.ts';
import { CliError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';
import { printNotice } from './output.ts';

/** Prints what went wrong and returns the exit status; only a fault of ours shows a stack. */
export function reportFailure(error: unknown): number {
  // Commander has printed its own message.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
  if (error instanceof CliError) return say(error.message, error.exitCode);
  if (error instanceof ConfigError) return say(error.message, exitCodes.config);
  if (error instanceof StartError)
    return say(`The orchestra could not be started: ${error.message}`, exitCodes.unavailable);
  if (error instanceof FolderLockedError) return say(error.message, 1);
  if (error instanceof BusError)
    return say(error.message, error.code === 'no-responder' ? exitCodes.unavailable : 1);
  return say(`orchestra: unexpected fault\n${error instanceof Error ? error.stack : String(error)}`, 70);
}

function say(message: string, exitCode: number): number {
  printNotice(message);
  return exitCode;
}
