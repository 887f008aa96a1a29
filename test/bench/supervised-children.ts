/** A supervisor of ours over so many of the simplest children, for measuring. */
import { setup } from 'xstate';
import { shutdown } from '../../machines/supervision/exit-reason.ts';
import { childActor } from '../../src/supervision/actor-tree.ts';
import { type RootSupervisor, startSupervisor } from '../../src/supervision/start-supervisor.ts';
import { childSpec } from '../../src/supervision/supervisor-spec.ts';

const child = setup({
  types: {
    context: {} as { started: () => void },
    input: {} as { started: () => void },
    events: {} as { type: 'shutdown' } | { type: 'crash' },
  },
  actions: {
    announce: (_, { started }: { started: () => void }) => started(),
    crash: () => {
      throw new Error('crash');
    },
  },
}).createMachine({
  id: 'child',
  initial: 'up',
  context: ({ input }) => input,
  entry: { type: 'announce', params: ({ context }) => context },
  states: {
    up: { on: { crash: { actions: 'crash' }, shutdown: 'down' } },
    down: { type: 'final' },
  },
  output: shutdown,
});

/** A tree that has started. */
export interface SupervisedChildren extends RootSupervisor {
  /** Starts of children so far. */
  starts(): number;
  /** Makes the child with this number, from 0, crash; resolves when it has started again. */
  crash(index: number): Promise<void>;
}

/** Restarts without backoff, as OTP does, and as often as it is asked to. */
export function superviseChildren(count: number): SupervisedChildren {
  let starts = 0;
  let hear = (): void => undefined;
  const started = (): void => {
    starts += 1;
    hear();
  };
  const specs = Array.from({ length: count }, (_, index) =>
    childSpec({
      id: String(index),
      start: {
        logic: child,
        input: { started },
      },
    }),
  );
  const flags = { intensity: 1_000_000, period: 1, backoff: 'none' } as const;
  const root = startSupervisor({ flags, children: specs });
  return {
    ...root,
    starts: () => starts,
    crash: (index) =>
      new Promise((resolve) => {
        hear = resolve;
        const record = root.supervisor.getSnapshot().context.state.children[index];
        const pid = record?.status.state === 'running' ? record.status.pid : '';
        childActor(root.supervisor, pid)?.send({ type: 'crash' });
      }),
  };
}
