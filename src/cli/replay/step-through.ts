/** Stepping through what was recorded, on a terminal: one transition at a time, a page, or as fast as it happened. */
import { constants } from 'node:os';
import type { ReadStream, WriteStream } from 'node:tty';
import type { RecordedTransition } from '../../journal/journal-page.ts';
import { TransitionHistory } from '../../journal/transition-history.ts';
import { onKeyPress } from '../../terminal/key-presses.ts';
import { drawReplay } from '../../terminal/replay-view.ts';
import { Screen } from '../../terminal/screen.ts';
import { type Step, stepFor } from './steps.ts';

export interface Stepping {
  transitions: readonly RecordedTransition[];
  /** Shown below. */
  notes: readonly string[];
  input: ReadStream;
  output: WriteStream;
}

/** While playing: the longest and the shortest wait between two transitions, in ms. */
const longestGap = 2_000;
const shortestGap = 40;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Resolves when the person has had enough, a signal has come (which is the exit status then), or the terminal is gone. */
export function stepThrough({ transitions, notes, input, output }: Stepping): Promise<void> {
  const history = new TransitionHistory(transitions);
  const screen = new Screen(output);
  let index = 0;
  let playing: NodeJS.Timeout | undefined;

  const draw = (): void => {
    const transition = transitions[index];
    if (!transition) return;
    const { length } = transitions;
    const standing = history.standingAt(index);
    screen.draw(
      drawReplay({ transition, index, length, standing, playing: playing !== undefined, notes }, screen.size),
    );
  };
  const pause = (): void => {
    clearTimeout(playing);
    playing = undefined;
  };
  const playOn = (): void => {
    pause();
    const [now, next] = [transitions[index], transitions[index + 1]];
    if (!now || !next) return;
    const gap = Math.min(Math.max(next.at - now.at, shortestGap), longestGap);
    playing = setTimeout(() => {
      index += 1;
      playOn();
      draw();
    }, gap);
  };
  const go = (step: Step): void => {
    const last = transitions.length - 1;
    const page = Math.max(Math.floor(screen.size.rows / 2), 2);
    const wanted = {
      back: index - 1,
      on: index + 1,
      pageBack: index - page,
      pageOn: index + page,
      first: 0,
      last,
    };
    index = Math.min(Math.max(wanted[step], 0), last);
  };

  return new Promise((resolve) => {
    const end = (): void => {
      pause();
      stopHearing();
      output.off('resize', draw);
      input.off('close', end).off('error', end);
      for (const signal of signals) process.off(signal, endBySignal);
      screen.close();
      resolve();
    };
    const endBySignal = (signal: NodeJS.Signals): void => {
      process.exitCode = 128 + constants.signals[signal];
      end();
    };
    const stopHearing = onKeyPress(input, (key) => {
      const act = stepFor(key);
      if (act === 'quit') return end();
      if (act === undefined) return;
      const wasPlaying = playing !== undefined;
      pause();
      if (act !== 'play') go(act);
      else if (!wasPlaying) playOn();
      draw();
    });
    output.on('resize', draw);
    input.on('close', end).on('error', end);
    for (const signal of signals) process.on(signal, endBySignal);
    draw();
  });
}
