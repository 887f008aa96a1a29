/** Waits until the supervisors have dealt with a child's end. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Bus } from '../../bus/bus.ts';
import { ask } from '../../client/ask.ts';
import { type Aftermath, aftermathOf } from '../../supervision/aftermath.ts';
import type { SupervisorDescription } from '../../supervision/tree-description.ts';
import { isSilence } from '../daemon-connection.ts';

/** How long supervisors may be at it, in ms: a program may take its time to be ready. */
const patience = 30_000;

/** Between two looks, in ms. */
const interval = 50;

/** What is asked in the moment when who answers is restarted may be lost; it is asked again after so long, in ms. */
const answerTimeout = 500;

/**
 * What became of the child at `path`, which was alive in `before`. Undefined when its supervisors are still at it after
 * half a minute, or when nobody answers any more.
 */
export async function watchAftermath(
  bus: Bus,
  before: SupervisorDescription,
  path: string,
): Promise<Aftermath | undefined> {
  const end = Date.now() + patience;
  while (Date.now() < end) {
    const after = await look(bus);
    const aftermath = after && aftermathOf(before, after, path);
    if (aftermath) return aftermath;
    await pause(interval);
  }
  return undefined;
}

/** Undefined while the bus itself, or who answers, is being restarted. */
async function look(bus: Bus): Promise<SupervisorDescription | undefined> {
  try {
    return await ask(bus, 'tree', {}, answerTimeout);
  } catch (error) {
    if (isSilence(error)) return undefined;
    throw error;
  }
}
