/** The pure core on a table: a test tells it what happens, carries out its commands itself, and looks at the state. */
import type { ChildSpec } from '../../machines/supervision/child-spec.ts';
import type { Command } from '../../machines/supervision/command.ts';
import { crashed, type ExitReason } from '../../machines/supervision/exit-reason.ts';
import type { Message, Request } from '../../machines/supervision/message.ts';
import { step } from '../../machines/supervision/step.ts';
import type { SupervisorFlags } from '../../machines/supervision/supervisor-flags.ts';
import { initialState, type SupervisorState } from '../../machines/supervision/supervisor-state.ts';

type Start = { readonly name: string };

/** A supervisor that has been told to begin; without backoff unless `flags` say otherwise. */
export function table(flags: SupervisorFlags, specs: readonly Omit<ChildSpec<Start>, 'start'>[]) {
  const children = specs.map((spec) => ({ ...spec, start: { name: spec.id } }));
  let state: SupervisorState<Start> = initialState({ backoff: 'none', ...flags }, children);
  let commands: readonly Command<Start>[] = [];
  let now = 0;
  const tell = (message: Message<Start>): void => {
    ({ state, commands } = step(state, message, now));
  };
  const ask = (request: Request<Start>): void => tell({ type: 'call', correlation: '1', request });
  tell({ type: 'init' });
  return {
    tell,
    ask,
    started: (pid: string) => tell({ type: 'child.started', pid, result: { type: 'ok' } }),
    failed: (pid: string) => tell({ type: 'child.started', pid, result: { type: 'error', reason: 'no' } }),
    exited: (pid: string, reason: ExitReason = crashed('bug')) => tell({ type: 'child.exited', pid, reason }),
    call: (call: 'which_children' | 'count_children') => ask({ call }),
    terminate: (child: string) => ask({ call: 'terminate_child', child }),
    /** From now on it is this late, in milliseconds. */
    at: (milliseconds: number) => {
      now = milliseconds;
    },
    /** All that was asked of the shell in answer to the last message. */
    commands: () => commands,
    /** Of these the starts and stops: `start a#1`, `stop a#1`, `kill a#1`. */
    orders: () =>
      commands.flatMap((command) => {
        if (command.type === 'child.start') return [`start ${command.pid}`];
        return command.type === 'child.stop' ? [`${command.brutal ? 'kill' : 'stop'} ${command.pid}`] : [];
      }),
    reports: () => commands.flatMap((command) => (command.type === 'report' ? [command.report] : [])),
    replies: () => commands.flatMap((command) => (command.type === 'reply' ? [command.reply.result] : [])),
    statuses: () => state.children.map((child) => child.status.state),
    state: () => state,
  };
}
