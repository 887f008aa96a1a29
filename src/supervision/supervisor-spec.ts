/** Child specs as a composition root writes them, so that its list of children reads as the supervision tree. */
import type { AnyActorLogic } from 'xstate';
import type { Restart, Shutdown } from '../../machines/supervision/child-spec.ts';
import type { ActorChildSpec } from '../../machines/supervision/child-start.ts';
import { ignore } from '../../machines/supervision/exit-reason.ts';
import type { SupervisorHooks } from '../../machines/supervision/hooks.ts';
import type { SupervisorFlags } from '../../machines/supervision/supervisor-flags.ts';
import { supervisorMachine } from '../../machines/supervisor.machine.ts';

/** What may be said of a nested supervisor besides its flags and children. */
export interface SupervisorSpecOptions {
  readonly restart?: Restart;
  readonly significant?: boolean;
  /** Default `infinity`: its children's own limits bound it. */
  readonly shutdown?: Shutdown;
  /** Asked at each start: whether the supervisor is not to run now, as OTP's `init/1` may say. */
  readonly declines?: () => boolean;
  /** In place of those handed down from the supervisor above. */
  readonly hooks?: Partial<SupervisorHooks>;
}

/**
 * The spec of a supervisor that is a child of another. Its start is complete when all its children have started,
 * however long that takes, so that whatever comes after it in the tree finds them working.
 */
export function supervisorSpec(
  id: string,
  flags: SupervisorFlags,
  children: readonly ActorChildSpec[],
  { hooks = {}, declines = () => false, ...options }: SupervisorSpecOptions = {},
): ActorChildSpec {
  return childSpec({
    id,
    type: 'supervisor',
    start: {
      logic: supervisorMachine,
      input: (birth) => ({ flags, children: declines() ? ignore : children, birth, hooks }),
      ready: 'event',
      startTimeout: 'infinity',
    },
    ...options,
  });
}

/** A child spec whose `input` is checked against its own logic; in a list of many kinds of children nothing else does. */
export function childSpec<Logic extends AnyActorLogic>(spec: ActorChildSpec<Logic>): ActorChildSpec {
  return spec;
}
