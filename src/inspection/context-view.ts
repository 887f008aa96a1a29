/** What of a context is shown: those of supervisors and incarnations hold specs, logic and hooks, so the telling part. */
import type { AnyMachineSnapshot, SnapshotFrom } from 'xstate';
import type { incarnationMachine } from '../../machines/incarnation.machine.ts';
import { incarnationId } from '../../machines/supervision/subtree.ts';
import { supervisorMachine } from '../../machines/supervisor.machine.ts';

type SupervisorContext = SnapshotFrom<typeof supervisorMachine>['context'];
type IncarnationContext = SnapshotFrom<typeof incarnationMachine>['context'];

/** Not yet safe to send. XState types the context of a machine of unknown kind as any; the id tells the kind. */
export function contextView({ machine, context }: AnyMachineSnapshot): unknown {
  if (machine.id === supervisorMachine.id) return supervisorView(context);
  if (machine.id === incarnationId) return incarnationView(context);
  return context;
}

function supervisorView({ state, birth }: SupervisorContext): object {
  const { flags, phase, restarts, suspended, job, mailbox, children, exit } = state;
  return {
    path: birth?.path ?? '',
    ...flags,
    phase,
    restarts,
    suspended,
    job: job?.purpose.type ?? null,
    mailbox: mailbox.map((letter) => letter.type),
    children: children.map(({ id, spec, status, lives, failures }) => {
      const { restart, type } = spec;
      return { id, type, restart, ...status, lives, failures };
    }),
    exit,
  };
}

function incarnationView({ birth, spec, end, pendingKills, failedKills }: IncarnationContext): object {
  const { id, pid, path, args } = birth;
  const { restart, shutdown, type, start } = spec;
  const kills = { pending: pendingKills.map((kill) => kill.path), failed: failedKills };
  return { id, pid, path, args, type, restart, shutdown, ready: start.ready ?? 'sync', end, kills };
}
