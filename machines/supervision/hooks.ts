/** What a supervisor takes from its surroundings: the time, chance, and someone to report to. */
import type { Report } from './command.ts';
import type { Pid } from './message.ts';

/** Given to the root supervisor and handed down the tree. */
export interface SupervisorHooks {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** A number in [0, 1), for jitter. */
  readonly random: () => number;
  /** Hears what supervisors do. Whatever it throws is dropped: an observer must not harm what it observes. */
  readonly report: (report: SupervisorReport) => void;
}

/** A report and the path of the supervisor it comes from; empty for the root. */
export type SupervisorReport = { readonly supervisor: string } & (Report | KillFailure);

/** A child was ended by force and what it held outside may live on: its `kill` failed or did not end in time. */
export interface KillFailure {
  readonly report: 'kill_failed';
  readonly id: string;
  readonly pid: Pid;
  /** Of the child, which may be deeper than a child of the reporting supervisor. */
  readonly path: string;
  /** What `kill` threw, or `timeout`. */
  readonly reason: unknown;
}

/** The hooks of a supervisor that is given none: the process's clock and chance, and nobody listening. */
export const defaultHooks: SupervisorHooks = {
  now: () => performance.now(),
  random: () => Math.random(),
  report: () => undefined,
};
