/** From an error to what the user reads and the exit status. */
import { CommanderError } from 'commander';
import { BackupError } from '../backup/backup-error.ts';
import { BusError } from '../bus/bus-error.ts';
import { ConfigError } from '../config/config-error.ts';
import { StartError } from '../daemon/start-error.ts';
import { NatsServerError } from '../nats-server/nats-server-error.ts';
import { SampleError } from '../sample/sample-error.ts';
import { FolderLockedError } from '../state-folder/folder-lock.ts';
import { StateFolderError } from '../state-folder/state-folder-error.ts';
import { TmuxError } from '../tmux/tmux-error.ts';
import { TrackerError } from '../tracker/tracker.ts';
import { WorktreeError } from '../worktrees/worktree-error.ts';
import { CliError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';
import { printNotice } from './output.ts';

/** Their messages are written for people and end with what to do. */
const expected = [BackupError, FolderLockedError, NatsServerError, SampleError, TmuxError, WorktreeError];

const mistyped = new Set(['bad-request', 'unknown-task', 'unknown-child']);

/** Prints what went wrong and returns the exit status; only a fault of ours shows a stack. */
export function reportFailure(error: unknown): number {
  // Commander has printed its own message.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
  if (error instanceof CliError) return say(error.message, error.exitCode);
  if (error instanceof ConfigError) return say(error.message, exitCodes.config);
  if (error instanceof StartError)
    return say(`The orchestra could not be started: ${error.message}`, statusOfStart(error));
  if (error instanceof StateFolderError) return say(error.message, exitCodes.cannotCreate);
  if (error instanceof TrackerError)
    return say(error.message, error.code === 'unavailable' ? exitCodes.noInput : 1);
  if (error instanceof BusError) return say(error.message + outlook(error), statusOf(error));
  if (expected.some((kind) => error instanceof kind)) return say((error as Error).message, 1);
  return say(`orchestra: unexpected fault\n${error instanceof Error ? error.stack : String(error)}`, 70);
}

/** What the daemon does not know by that name, or cannot read, is the user's to mend. */
function statusOf({ code, remoteCode = '' }: BusError): number {
  if (code === 'no-responder') return exitCodes.unavailable;
  return mistyped.has(remoteCode) ? exitCodes.usage : 1;
}

/** What may have become of a request that nobody has answered in time, and where to look. */
function outlook({ code }: BusError): string {
  const look = '`orchestra doctor` looks further.';
  if (code === 'timeout') return `. What was asked may still be carried out; ${look}`;
  if (code === 'deadline') return `. It may be stored all the same; ${look}`;
  return '';
}

/** What no other try could change is not tried again by systemd. */
function statusOfStart({ cause }: StartError): number {
  const isForNewer = cause instanceof BusError && cause.code === 'newer-record';
  return isForNewer ? exitCodes.config : exitCodes.unavailable;
}

function say(message: string, exitCode: number): number {
  printNotice(message);
  return exitCode;
}
