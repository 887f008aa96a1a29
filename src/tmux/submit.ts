/** Handing a prompt to an interactive program until it says that it has it. */
import { setTimeout as delay } from 'node:timers/promises';
import { TmuxError } from './tmux-error.ts';

/** The ways into one pane. */
export interface Typing {
  paste(text: string): Promise<void>;
  press(key: 'Enter' | 'C-u'): Promise<void>;
}

export interface SubmitOptions {
  /**
   * Called once before the first key. Resolves when the program has taken the prompt, by its own event (Claude's
   * UserPromptSubmit, pi's agent_start …): no pause is long enough, only this cures lost Enters. When it rejects, so
   * does submit. Without it nothing is waited for.
   */
  readonly acknowledged?: () => Promise<void>;
  /** Between the paste and Enter, in ms; Gemini takes an Enter within 60 ms for part of the paste. Default 150. */
  readonly pauseMs?: number;
  /** How long to wait for the acknowledgement after each Enter, in ms. Default 4000. */
  readonly patienceMs?: number;
  /** Stops the typing; submit rejects with an AbortError. */
  readonly signal?: AbortSignal;
}

/**
 * Paste, Enter, wait; Enter again, wait; clear the line, paste again, Enter, wait; give up.
 *
 * @throws TmuxError `not-accepted`
 */
export async function submit(typing: Typing, text: string, options: SubmitOptions): Promise<void> {
  const { acknowledged, pauseMs = 150, patienceMs = 4_000, signal } = options;
  signal?.throwIfAborted();
  const acknowledgement = acknowledged?.();
  // Should the typing fail first, that is the error to tell.
  acknowledgement?.catch(() => {});
  const isAcknowledged = () =>
    acknowledgement === undefined || settledWithin(acknowledgement, patienceMs, signal);
  const pasteAndEnter = async () => {
    await typing.paste(text);
    await delay(pauseMs, undefined, { signal });
    await typing.press('Enter');
  };

  await pasteAndEnter();
  if (await isAcknowledged()) return;
  await typing.press('Enter');
  if (await isAcknowledged()) return;
  await typing.press('C-u');
  await pasteAndEnter();
  if (await isAcknowledged()) return;
  throw new TmuxError('not-accepted', 'The program did not acknowledge a prompt that was typed twice.');
}

/** True as soon as the promise resolves, false when it has not in time. */
async function settledWithin(promise: Promise<void>, ms: number, outer?: AbortSignal): Promise<boolean> {
  const over = new AbortController();
  const signal = outer === undefined ? over.signal : AbortSignal.any([outer, over.signal]);
  try {
    return await Promise.race([promise.then(() => true), delay(ms, false, { signal })]);
  } finally {
    over.abort();
  }
}
