/** What goes wrong: each kind as often as its rate says, on some days more, on others less. */
import type { Chance } from './chance.ts';
import type { SimulatedTime } from './simulated-time.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** How often each kind happens on an ordinary day. Figures of the model: far more than a well-kept machine sees. */
export const faultRates = {
  /** kill -9 of a program in a pane. */
  'agent killed': 8,
  /** kill -9 of the process in the pane that hosts the program. */
  'host killed': 2,
  'pane closed': 2,
  'tmux server killed': 0.7,
  'nats-server killed': 2,
  /** It runs and does not answer. */
  'broker silent': 1,
  'broker slow': 1,
  'acknowledgements lost': 1,
  'daemon killed': 1,
  /** SIGSTOP, or a computation that holds the event loop. */
  'daemon stopped': 2,
  'daemon restarted': 0.3,
  /** Everything at once. */
  'machine crashed': 0.1,
  'wall clock set': 0.5,
  'tracker away': 0.4,
  'repository away': 0.4,
  /** A crash in a part of the daemon. */
  'child crashed': 4,
  'malformed message': 3,
} as const;

export type FaultKind = keyof typeof faultRates;

/** On a day of each kind, the rates are multiplied. */
const intensities = [0.2, 0.5, 1, 1, 1, 1.5, 3];

/** What the faults do to the world. */
export interface FaultTargets {
  killProgram(which: 'program' | 'host'): void;
  closePane(): void;
  killTmux(): void;
  killBroker(): void;
  silenceBroker(milliseconds: number): void;
  slowBroker(milliseconds: number): void;
  loseAcknowledgements(milliseconds: number): void;
  killDaemon(): void;
  stopDaemon(milliseconds: number): void;
  restartDaemon(): void;
  crashMachine(): void;
  setWallClock(by: number): void;
  takeTrackerAway(milliseconds: number): void;
  takeRepositoryAway(milliseconds: number): void;
  crashChild(): void;
  writeMalformed(): void;
}

/** Lets things go wrong from now on; `onFault` hears of each before it happens. */
export function scheduleFaults(
  time: SimulatedTime,
  chance: Chance,
  targets: FaultTargets,
  onFault: (kind: FaultKind) => void,
): void {
  let intensity = 1;
  const nextDay = () => {
    intensity = chance.pick(intensities) ?? 1;
    time.after(day, nextDay);
  };
  nextDay();
  for (const kind of Object.keys(faultRates) as FaultKind[]) {
    const mean = day / faultRates[kind];
    const next = () =>
      time.after(chance.exponential(mean / intensity), () => {
        onFault(kind);
        strikes[kind](targets, chance);
        next();
      });
    next();
  }
}

const strikes: Readonly<Record<FaultKind, (targets: FaultTargets, chance: Chance) => void>> = {
  'agent killed': (targets) => targets.killProgram('program'),
  'host killed': (targets) => targets.killProgram('host'),
  'pane closed': (targets) => targets.closePane(),
  'tmux server killed': (targets) => targets.killTmux(),
  'nats-server killed': (targets) => targets.killBroker(),
  'broker silent': (targets, chance) => targets.silenceBroker(chance.between(second, 30 * second)),
  'broker slow': (targets, chance) => targets.slowBroker(chance.between(minute, 20 * minute)),
  'acknowledgements lost': (targets, chance) =>
    targets.loseAcknowledgements(chance.between(minute, 20 * minute)),
  'daemon killed': (targets) => targets.killDaemon(),
  'daemon stopped': (targets, chance) => targets.stopDaemon(chance.between(second, 60 * second)),
  'daemon restarted': (targets) => targets.restartDaemon(),
  'machine crashed': (targets) => targets.crashMachine(),
  'wall clock set': (targets, chance) => targets.setWallClock(jump(chance)),
  'tracker away': (targets, chance) => targets.takeTrackerAway(chance.between(10 * minute, 8 * hour)),
  'repository away': (targets, chance) =>
    targets.takeRepositoryAway(chance.between(10 * second, 20 * minute)),
  'child crashed': (targets) => targets.crashChild(),
  'malformed message': (targets) => targets.writeMalformed(),
};

/** Mostly seconds, sometimes up to two hours ahead (the machine has slept) or minutes back. */
function jump(chance: Chance): number {
  const size = chance.happens(0.7) ? chance.between(0, 5 * second) : chance.between(0, 2 * hour);
  return Math.round(chance.happens(0.7) ? size : -size / 10);
}
