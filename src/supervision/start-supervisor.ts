/** Begins a supervision tree: the root supervisor, which has no supervisor above it. */
import { type Actor, type ActorOptions, createActor, waitFor } from 'xstate';
import { type ExitReason, exitReasonOf } from '../../machines/supervision/exit-reason.ts';
import { type SupervisorInput, supervisorMachine } from '../../machines/supervisor.machine.ts';
import { wallClock } from './timers.ts';

/** A root supervisor and the promise of its start. */
export interface RootSupervisor {
  readonly supervisor: Actor<typeof supervisorMachine>;
  /** Settles when every child has started, or when one could not and all have ended again. */
  readonly started: Promise<StartOutcome>;
}

/** OTP's `{ok, Pid}` or `{error, Reason}` of `start_link`; the reason of a supervisor that declines is `normal`. */
type StartOutcome = { readonly ok: true } | { readonly ok: false; readonly reason: ExitReason };

/** Starts a root supervisor. End it with `shutDown`: XState's own `stop` would leave behind what `kill` has to end. */
export function startSupervisor(
  input: SupervisorInput,
  options: Pick<ActorOptions<typeof supervisorMachine>, 'clock' | 'inspect' | 'id'> = {},
): RootSupervisor {
  const supervisor = createActor(supervisorMachine, { clock: wallClock, ...options, input });
  const started = waitFor(supervisor, (snapshot) => !snapshot.matches('initializing')).then(
    async (): Promise<StartOutcome> => {
      if (supervisor.getSnapshot().matches('running')) return { ok: true };
      const { output } = await waitFor(supervisor, (snapshot) => snapshot.status !== 'active');
      return { ok: false, reason: exitReasonOf(output) };
    },
  );
  supervisor.start();
  return { supervisor, started };
}
