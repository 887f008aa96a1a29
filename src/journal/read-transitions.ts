/** Reading the journal: what happened from one time to another, in order, and where every machine stood before it. */
import type { Bus } from '../bus/bus.ts';
import { readEvents } from '../bus/read-events.ts';
import { transitionStream, transitionSubject } from '../bus/stream-definitions.ts';
import { Transition } from '../inspection/transition.ts';
import { type RecordedTransition, StoredPage } from './journal-page.ts';
import { ReadingEnd } from './reading-end.ts';
import { standingInterval } from './recorder.ts';
import { Standing } from './standing.ts';

export interface ReadTransitionsOptions {
  from: Date;
  /** Included; default everything that is stored. */
  to?: Date;
  /** Only what belongs to this agent: below its supervisor, and its eye of the watchdog. */
  agent?: string;
  signal?: AbortSignal;
  /** Something that is stored is no page or no transition; it is left out and counts as missing. */
  onUnreadable?: (what: { sequence: number; count: number }) => void;
}

/** How much older than its transitions a page may seem, in ms: a clock may be put back. */
const slack = 60_000;

/**
 * The first one tells where everything stood before it, so that a fold of what is read is right from the beginning.
 * A page that is stored twice is read once.
 * @throws BusError `no-stream` when nothing was ever recorded, `denied`
 */
export async function* readTransitions(
  bus: Bus,
  { from, to, agent, signal, onUnreadable = () => {} }: ReadTransitionsOptions,
): AsyncGenerator<RecordedTransition, void> {
  const [begin, end] = [from.getTime(), to?.getTime() ?? Number.POSITIVE_INFINITY];
  const readingEnd = new ReadingEnd(end);
  const isWanted = agent === undefined ? () => true : belongsTo(agent);
  const standing = new Standing();
  const read = new Map<string, number>();
  let hasBegun = false;
  let missing = 0;

  for await (const { sequence, time, body } of readEvents(bus, {
    stream: transitionStream,
    subjects: [transitionSubject('*')],
    since: { time: storable(begin - standingInterval - slack) },
    ...(signal && { signal }),
  })) {
    const page = readPage(body);
    if (!page || page.unreadable > 0) onUnreadable({ sequence, count: page?.unreadable ?? 1 });
    if (!page) {
      missing += 1;
      continue;
    }
    if (readingEnd.isBefore(time.getTime(), page.transitions)) return;
    const { boot, node } = page;
    if (page.sequence <= (read.get(boot) ?? 0)) continue;
    read.set(boot, page.sequence);
    missing += page.missing;
    if (page.standing)
      standing.resetNode(
        node,
        page.standing.map((before) => ({ ...before, boot, node })),
      );
    let isGap = page.missing > 0 && page.standing !== undefined;
    for (const transition of page.transitions) {
      const isInside = transition.at >= begin && transition.at <= end && isWanted(transition);
      if (isInside) {
        const recorded: RecordedTransition = { ...transition, boot, node };
        if (missing > 0) recorded.missing = missing;
        missing = 0;
        if (!hasBegun || isGap) recorded.standing = [...standing.latest.values()].filter(isWanted);
        [hasBegun, isGap] = [true, false];
        yield recorded;
      }
      standing.apply({ ...transition, boot, node });
    }
    if (!hasBegun) missing = 0;
  }
}

/** nats-server counts nanoseconds from 1970 in 64 bits; with a time far before or after it finds nothing, or refuses. */
const storable = (time: number): Date => new Date(Math.min(Math.max(time, 0), Date.now()));

interface ReadPage {
  boot: string;
  node: string;
  sequence: number;
  transitions: Transition[];
  standing: Transition[] | undefined;
  missing: number;
  unreadable: number;
}

/** What of a stored body can be read; undefined when it is no page. */
function readPage(body: unknown): ReadPage | undefined {
  const stored = StoredPage.safeParse(body);
  if (!stored.success) return undefined;
  const { boot, node, sequence, missing = 0 } = stored.data;
  const transitions = readable(stored.data.transitions);
  const unreadable = stored.data.transitions.length - transitions.length;
  const standing = stored.data.standing && readable(stored.data.standing);
  return { boot, node, sequence, transitions, standing, missing: missing + unreadable, unreadable };
}

function readable(values: readonly unknown[]): Transition[] {
  return values.flatMap((value) => {
    const parsed = Transition.safeParse(value);
    return parsed.success ? [parsed.data] : [];
  });
}

/** `ensemble/agents/agent:kaede/…`, `services/watchdog/eye:kaede`. */
function belongsTo(agent: string): (transition: { path: string }) => boolean {
  return ({ path }) => path.split('/').some((id) => id === `agent:${agent}` || id === `eye:${agent}`);
}
