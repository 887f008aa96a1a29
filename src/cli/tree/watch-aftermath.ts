/** Waits until the supervisors have dealt with a child's end. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Bus } from '../../bus/bus.ts';
import { ask } from '../../client/ask.ts';
import { lastEnd } from '../../daemon/last-end.ts';
import type { StateFolder } from '../../state-folder/state-folder.ts';
import { type Aftermath, aftermathOf } from '../../supervision/aftermath.ts';
import type { SupervisorDescription } from '../../supervision/tree-description.ts';
import { CliError } from '../cli-error.ts';
import { isSilence, runningDaemon } from '../daemon-connection.ts';
import { ended } from '../ended.ts';
import { exitCodes } from '../exit-codes.ts';

/** How long supervisors may be at it, in ms: a program may take its time to be ready. */
const patience = 30_000;

/** Between two looks, in ms. */
const interval = 50;

/** What is asked in the moment when who answers is restarted may be lost; it is asked again after so long, in ms. */
const answerTimeout = 500;

/** The tree before the child was killed, and where it stood. */
export interface Scene {
  readonly before: SupervisorDescription;
  readonly path: string;
}

/**
 * What became of the child, which was alive before. Undefined when its supervisors are still at it after half a minute.
 * @throws CliError when the root has given up over it: then the daemon of `state` is gone
 */
export async function watchAftermath(
  bus: Bus,
  state: StateFolder,
  { before, path }: Scene,
): Promise<Aftermath | undefined> {
  const since = new Date();
  const end = since.getTime() + patience;
  while (Date.now() < end) {
    const after = await look(bus);
    const aftermath = after && aftermathOf(before, after, path);
    if (aftermath) return aftermath;
    if (!after && !(await runningDaemon(state)))
      throw new CliError(ended(await lastEnd(state.logFile, since)), exitCodes.unavailable);
    await pause(interval);
  }
  return undefined;
}

/** Undefined while the bus itself, or who answers, is being restarted, or gone for good. */
async function look(bus: Bus): Promise<SupervisorDescription | undefined> {
  try {
    return await ask(bus, 'tree', {}, answerTimeout);
  } catch (error) {
    if (isSilence(error)) return undefined;
    throw error;
  }
}
