/** Waits until what a program printed last is taken down: its end is known before tmux has handed that on. */
import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isClosed } from './output-log.ts';

/** A disk that is full takes nothing down: then it is given up after so many ms. */
const patience = 5_000;
const longestPause = 25;

/** For a run whose host has said that it is over: its mark stands behind the last word. */
export async function untilClosed(file: string, run: string): Promise<void> {
  const deadline = performance.now() + patience;
  for (let pause = 1; performance.now() < deadline; pause = Math.min(2 * pause, longestPause)) {
    // What cannot be read now says nothing yet.
    if (await isClosed(file, run).catch(() => false)) return;
    await delay(pause);
  }
}

/**
 * For one that was killed with its host, or of which an earlier daemon knew: at so many looks in a row, with so many ms in
 * between, nothing more may have come. One look would not do: on a machine that stands still, nothing comes either.
 */
const interval = 50;
const quietLooks = 3;
const mostLooks = 20;

export async function untilQuiet(file: string): Promise<void> {
  let before = await sizeOf(file);
  for (let look = 0, quiet = 0; look < mostLooks && quiet < quietLooks; look += 1) {
    await delay(interval);
    const now = await sizeOf(file);
    quiet = now === before ? quiet + 1 : 0;
    before = now;
  }
}

/** 0 for a file that is not there. */
const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );
