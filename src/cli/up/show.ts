/** What `orchestra up` shows while the daemon runs: a picture on a terminal, a line a fact elsewhere, a summary at the end. */
import { readEvents } from '../../bus/read-events.ts';
import { ask } from '../../client/ask.ts';
import type { Daemon } from '../../daemon/start-daemon.ts';
import type { OrchestraView } from '../../events/commands.ts';
import { readFact } from '../../events/facts.ts';
import { factLine } from '../../terminal/fact-line.ts';
import { drawLiveView } from '../../terminal/live-view.ts';
import { Screen } from '../../terminal/screen.ts';
import { printLine } from '../output.ts';
import { hints, summary } from './summary.ts';

export interface ShowOptions {
  shown: 'picture' | 'lines';
  /** End the daemon when nothing is left to do. */
  untilIdle: boolean;
}

/** How often the picture is drawn and idleness looked for, in ms. */
const refresh = 250;

/** Shows until the daemon has ended; returns the exit status. */
export async function show(daemon: Daemon, { shown, untilIdle }: ShowOptions): Promise<number> {
  const { world } = daemon;
  const screen = shown === 'picture' ? new Screen(process.stdout) : undefined;
  const over = new AbortController();
  const lines: string[] = [];
  let latest: OrchestraView | undefined;

  const follow = async (): Promise<void> => {
    const since = { time: new Date(world.startedAt) };
    for await (const { subject, body } of readEvents(world.ports.bus.get(), {
      subjects: ['orchestra.>'],
      since,
      follow: true,
      signal: over.signal,
    })) {
      const fact = readFact(subject, body);
      if (!fact) continue;
      const line = factLine(fact);
      if (screen) lines.push(line);
      else printLine(line);
      lines.splice(0, Math.max(lines.length - 200, 0));
    }
  };
  const look = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const bus = world.ports.bus.peek();
      // While the bus is away the picture stands still and the daemon mends itself.
      latest = bus ? await ask(bus, 'status', {}).catch(() => latest) : latest;
      if (latest && screen) screen.draw(drawLiveView(latest, lines, screen.size));
      if (latest?.idle && untilIdle) daemon.stop('--until-idle: nothing is left to do');
      await new Promise((resolve) => setTimeout(resolve, refresh));
    }
  };
  if (!screen) for (const line of hints(world)) printLine(line);
  const following = follow().catch((error: Error) => {
    if (!over.signal.aborted) world.log.error({ err: error }, 'facts.unreadable');
  });
  const looking = look();
  const end = await daemon.ended;
  over.abort();
  await Promise.all([following, looking]);
  screen?.close();
  for (const line of summary(latest, end, world)) printLine(line);
  if (end === 'crashed') return 1;
  return untilIdle && latest && latest.tasks.failed + latest.tasks.blocked + latest.tasks.waiting > 0 ? 1 : 0;
}
