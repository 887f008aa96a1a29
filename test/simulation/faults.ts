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
        strike(kind, chance, targets);
        next();
      });
    next();
  }
}

function strike(kind: FaultKind, chance: Chance, targets: FaultTargets): void {
  switch (kind) {
    case 'agent killed':
      return targets.killProgram('program');
    case 'host killed':
      return targets.killProgram('host');
    case 'pane closed':
      return targets.closePane();
    case 'tmux server killed':
      return targets.killTmux();
    case 'nats-server killed':
      return targets.killBroker();
    case 'broker silent':
      return targets.silenceBroker(chance.between(second, 30 * second));
    case 'broker slow':
      return targets.slowBroker(chance.between(minute, 20 * minute));
    case 'acknowledgements lost':
      return targets.loseAcknowledgements(chance.between(minute, 20 * minute));
    case 'daemon killed':
      return targets.killDaemon();
    case 'daemon stopped':
      return targets.stopDaemon(chance.between(second, 60 * second));
    case 'daemon restarted':
      return targets.restartDaemon();
    case 'machine crashed':
      return targets.crashMachine();
    case 'wall clock set': {
      const size = chance.happens(0.7) ? chance.between(0, 5 * second) : chance.between(0, 2 * hour);
      return targets.setWallClock(Math.round(chance.happens(0.7) ? size : -size / 10));
    }
    case 'tracker away':
      return targets.takeTrackerAway(chance.between(10 * minute, 8 * hour));
    case 'repository away':
      return targets.takeRepositoryAway(chance.between(10 * second, 20 * minute));
    case 'child crashed':
      return targets.crashChild();
    case 'malformed message':
      return targets.writeMalformed();
  }
}
