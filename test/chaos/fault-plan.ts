/** The plan of a run: which faults, in which order, after which pauses, all from the seed. */
import { type Random, seededRandom } from './random.ts';

/** Every kind of fault, with a sentence for people. */
export const faultKinds = {
  'kill-agent': "kill -9 of an agent's program, or of the host that runs it",
  'kill-pane': "an agent's window is closed",
  'kill-tmux': 'kill -9 of the tmux server',
  'kill-nats': 'kill -9 of nats-server',
  'kill-daemon': 'kill -9 of the daemon; it is started again after a short pause, as systemd would',
  'kill-all': 'kill -9 of the daemon, nats-server, the tmux server and all agents at once',
  'stop-agent': "SIGSTOP of an agent's processes, SIGCONT later",
  'stop-nats': 'SIGSTOP of nats-server, SIGCONT later',
  'stop-tmux': 'SIGSTOP of the tmux server, SIGCONT later',
  'stop-daemon': 'SIGSTOP of the daemon, SIGCONT later',
  'hang-loop': "the daemon's event loop is busy and answers nobody",
  'jump-clock': "the daemon's wall clock jumps by hours, ahead or back",
  'fill-disk': 'the disk of the state folder is full for a while (a small tmpfs; root only)',
  'corrupt-record': 'a key-value record becomes unreadable while the daemon is down',
  'corrupt-block': 'the newest block of a stream is damaged while nats-server is down',
  'bad-messages': 'malformed, oversized and duplicate messages',
  'break-tracker': 'the folder of issues is moved away, unreadable, or a file in it half written',
} as const;
export type FaultKind = keyof typeof faultKinds;
export const allFaultKinds = Object.keys(faultKinds) as FaultKind[];

/** One fault as drawn. What it meets is only known when it strikes: `pick` chooses among what is there then. */
export interface PlannedFault {
  readonly number: number;
  readonly kind: FaultKind;
  /** How long everything is left alone before, in ms. */
  readonly after: number;
  /** Whom it meets; at least 0 and below 1. */
  readonly pick: number;
  /** Which of its variants comes: they take turns, from a first one that is drawn. */
  readonly turn: number;
  /** What else a fault leaves open; at least 0 and below 1. */
  readonly variant: number;
  /** For faults that last: how long, in ms. */
  readonly lasting: number;
  /** The next fault strikes before this one is recovered from. */
  readonly isFollowedAtOnce: boolean;
}

/** So many faults in a hundred meet an orchestra that is still busy with the one before. */
const followedAtOnce = 0.15;

export interface PlanOptions {
  readonly seed: number;
  readonly kinds: readonly FaultKind[];
  readonly count: number;
  /** Least and most ms between a recovery and the next fault. */
  readonly pause: readonly [number, number];
}

/** Each round through the kinds has all of them once, in an order of its own: no kind is left out by chance. */
export function planFaults({ seed, kinds, count, pause }: PlanOptions): PlannedFault[] {
  const random = seededRandom(seed);
  const plan: PlannedFault[] = [];
  const turns = new Map(kinds.map((kind) => [kind, random.between(0, 99)]));
  while (plan.length < count && kinds.length > 0) {
    for (const kind of shuffled(kinds, random)) {
      if (plan.length === count) break;
      const turn = turns.get(kind) ?? 0;
      turns.set(kind, turn + 1);
      plan.push({
        number: plan.length + 1,
        kind,
        after: random.between(...pause),
        pick: random.next(),
        turn,
        variant: random.next(),
        lasting: random.between(1_000, 5_000),
        isFollowedAtOnce: random.next() < followedAtOnce && plan.length + 1 < count,
      });
    }
  }
  return plan;
}

function shuffled<Item>(list: readonly Item[], random: Random): Item[] {
  return list
    .map((item) => ({ item, order: random.next() }))
    .sort((one, other) => one.order - other.order)
    .map(({ item }) => item);
}
