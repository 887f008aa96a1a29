/** How a supervisor as a whole behaves: OTP's supervisor flags and our extensions, checked as OTP does. */
import { type Backoff, isBackoff } from './backoff.ts';

/** Which siblings are restarted with a crashed child: none, all, those started after it; or children of one kind. */
export type Strategy = 'one_for_one' | 'one_for_all' | 'rest_for_one' | 'simple_one_for_one';

/** Whether the supervisor ends when a significant child ends by itself: never, with any, with the last. */
export type AutoShutdown = 'never' | 'any_significant' | 'all_significant';

/** Flags as their author writes them. Absent fields take OTP's defaults; the last three are ours. */
export interface SupervisorFlags {
  /** Default `one_for_one`. */
  readonly strategy?: Strategy;
  /** Restarts allowed within `period`; one more and the supervisor gives up. Default 1. */
  readonly intensity?: number;
  /** Whole seconds. Default 5. With backoff it must exceed the sum of the delays, or intensity never trips. */
  readonly period?: number;
  /** Default `never`. */
  readonly autoShutdown?: AutoShutdown;
  /** Default `none`, which is exact OTP: restart at once. */
  readonly backoff?: Backoff | 'none';
  /** Seconds of uptime after which a child's failures are forgotten and backoff starts anew. Default `period`. */
  readonly resetAfter?: number;
  /** How many children `start_child` may bring the supervisor to. Default without limit. */
  readonly maxChildren?: number;
}

/** Checked flags with every default filled in; `null` is absence, so that they survive JSON. */
export interface ResolvedFlags {
  readonly strategy: Strategy;
  readonly intensity: number;
  readonly period: number;
  readonly autoShutdown: AutoShutdown;
  readonly backoff: Backoff | null;
  readonly resetAfter: number;
  readonly maxChildren: number | null;
}

/** OTP's error terms for bad flags, and ours for our own flags. */
export interface FlagsError {
  readonly term:
    | 'invalid_type'
    | 'invalid_strategy'
    | 'invalid_intensity'
    | 'invalid_period'
    | 'invalid_auto_shutdown'
    | 'invalid_backoff'
    | 'invalid_reset_after'
    | 'invalid_max_children';
  readonly value: unknown;
}

/** What checking flags comes to. */
export type CheckedFlags =
  | { readonly ok: true; readonly flags: ResolvedFlags }
  | { readonly ok: false; readonly error: FlagsError };

/** The flags of a supervisor that is told nothing. */
export const defaultFlags: ResolvedFlags = {
  strategy: 'one_for_one',
  intensity: 1,
  period: 5,
  autoShutdown: 'never',
  backoff: null,
  resetAfter: 5,
  maxChildren: null,
};

/** Fills in defaults and checks at run time what the type already demands. Unknown keys are ignored, as in OTP. */
export function checkFlags(written: SupervisorFlags): CheckedFlags {
  const refused = (term: FlagsError['term'], value: unknown): CheckedFlags => ({
    ok: false,
    error: { term, value },
  });
  if (typeof written !== 'object' || written === null) return refused('invalid_type', written);
  const { strategy = defaultFlags.strategy, autoShutdown = defaultFlags.autoShutdown } = written;
  const { intensity = defaultFlags.intensity, period = defaultFlags.period } = written;
  const { backoff = 'none', resetAfter = period, maxChildren = null } = written;
  if (!isStrategy(strategy)) return refused('invalid_strategy', strategy);
  if (!isCount(intensity)) return refused('invalid_intensity', intensity);
  if (!isCount(period) || period === 0) return refused('invalid_period', period);
  if (!isAutoShutdown(autoShutdown)) return refused('invalid_auto_shutdown', autoShutdown);
  if (backoff !== 'none' && !isBackoff(backoff)) return refused('invalid_backoff', backoff);
  if (typeof resetAfter !== 'number' || !(resetAfter >= 0)) return refused('invalid_reset_after', resetAfter);
  if (maxChildren !== null && !isCount(maxChildren)) return refused('invalid_max_children', maxChildren);
  const waiting = backoff === 'none' ? null : backoff;
  return {
    ok: true,
    flags: { strategy, intensity, period, autoShutdown, backoff: waiting, resetAfter, maxChildren },
  };
}

/** Whether a crash under this strategy concerns the crashed child alone. */
export function restartsAlone(strategy: Strategy): boolean {
  return strategy === 'one_for_one' || strategy === 'simple_one_for_one';
}

function isStrategy(value: unknown): value is Strategy {
  return (
    value === 'one_for_one' ||
    value === 'one_for_all' ||
    value === 'rest_for_one' ||
    value === 'simple_one_for_one'
  );
}

function isAutoShutdown(value: unknown): value is AutoShutdown {
  return value === 'never' || value === 'any_significant' || value === 'all_significant';
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0;
}
