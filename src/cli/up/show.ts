/** What `orchestra up` shows while the daemon runs: a picture on a terminal, a line a fact elsewhere, a summary at the end. */
import { setTimeout as pause } from 'node:timers/promises';
import { orchestraStatus } from '../../actors/orchestra-status.ts';
import type { World } from '../../actors/world.ts';
import { readEvents } from '../../bus/read-events.ts';
import type { Daemon } from '../../daemon/start-daemon.ts';
import { readFact } from '../../events/facts.ts';
import { factLine } from '../../terminal/fact-line.ts';
import { drawLiveView } from '../../terminal/live-view.ts';
import { Screen } from '../../terminal/screen.ts';
import { commandName } from '../command-name.ts';
import { ended } from '../ended.ts';
import { printLine, printNotice } from '../output.ts';
import { hints, sampleIsOver, summary } from './summary.ts';

export interface ShowOptions {
  shown: 'picture' | 'lines';
  /** End the daemon when nothing is left to do. */
  untilIdle: boolean;
}

/** How often the picture is drawn and idleness looked for, in ms. */
const refresh = 250;

/** How many of the latest facts the picture has at hand. */
const memory = 200;

/** Shows until the daemon has ended; returns the exit status. */
export async function show(daemon: Daemon, { shown, untilIdle }: ShowOptions): Promise<number> {
  const { world } = daemon;
  const screen = shown === 'picture' ? new Screen(process.stdout) : undefined;
  const over = new AbortController();
  const latest: string[] = [];
  const hear = (line: string): void => {
    if (!screen) printLine(line);
    latest.push(line);
    latest.splice(0, latest.length - memory);
  };
  const command = commandName();
  let isOverTold = false;
  const look = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const status = orchestraStatus(world);
      const lastWords = sampleIsOver(world, status);
      if (!isOverTold) lastWords.forEach(hear);
      isOverTold = lastWords.length > 0;
      screen?.draw(drawLiveView(status, latest, screen.size, command));
      if (untilIdle && status.idle) daemon.stop('--until-idle: nothing is left to do');
      await pause(refresh);
    }
  };
  if (!screen) for (const line of hints(world)) printLine(line);
  const following = followFacts(world, over.signal, hear);
  const looking = screen || untilIdle ? look() : undefined;
  const end = await daemon.ended;
  over.abort();
  await Promise.all([following, looking]);
  screen?.close();
  const status = orchestraStatus(world);
  for (const line of summary(status)) printLine(line);
  if (end.how === 'crashed') printNotice(ended(end.reason));
  const { failed, blocked, waiting } = status.tasks;
  return end.how === 'crashed' || (untilIdle && failed + blocked + waiting > 0) ? 1 : 0;
}

/** From the daemon's start on, in the order in which the facts were stored. */
async function followFacts(world: World, signal: AbortSignal, hear: (line: string) => void): Promise<void> {
  const since = { time: new Date(world.startedAt) };
  try {
    for await (const { subject, body } of readEvents(world.ports.bus.get(), {
      since,
      follow: true,
      signal,
    })) {
      const fact = readFact(subject, body);
      if (fact) hear(factLine(fact));
    }
  } catch (error) {
    // The bus closes when the daemon ends; before that, the facts are in the log as well.
    if (!signal.aborted && !world.stopping) world.log.error({ err: error }, 'facts.unreadable');
  }
}
