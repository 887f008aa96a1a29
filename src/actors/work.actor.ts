/** An agent's work: bound to the task store, the worktrees and the conversation. */
import { fromCallback, fromPromise } from 'xstate';
import {
  type AgentEvent,
  agentMachine,
  type HeldAssignment,
  type WorkOutcome,
} from '../../machines/agent.machine.ts';
import type { AgentPlace } from '../agents/agent-place.ts';
import { PromptError } from '../agents/task-file.ts';
import { until } from '../agents/until.ts';
import type { Assignment } from '../events/commands.ts';
import type { TaskRecord } from '../tasks/task-record.ts';
import { WorktreeError } from '../worktrees/worktree-error.ts';
import { windowName } from './pane.actor.ts';
import { prepareAssignment } from './prepare-assignment.ts';
import { withRepository } from './repository-patience.ts';
import type { World } from './world.ts';

export function workActor(world: World, place: AgentPlace) {
  let assignment: Assignment | undefined;
  const held = (): Assignment => {
    if (!assignment) throw new Error(`${place.name} holds no assignment`);
    return assignment;
  };
  const leaseUntil = () => Date.now() + world.config.scheduler.lease;

  return agentMachine.provide({
    actors: {
      recallAssignment: fromPromise(async ({ signal }) => {
        assignment = undefined;
        const { tasks: store, worktrees } = world.ports;
        const tasks = await store.whenOpen(signal);
        await worktrees.whenOpen(signal);
        await place.conversation.whenOpen(signal);
        const task = tasks.heldBy(place.name);
        const recalled = task && (await takeUpAgain(world, task, leaseUntil()));
        signal.throwIfAborted();
        if (!recalled) show(world, place, undefined);
        return recalled ?? null;
      }),

      awaitAssignment: fromPromise(async ({ signal }) => {
        const tasks = await world.ports.tasks.whenOpen(signal);
        return until<HeldAssignment>(signal, (resolve) => {
          const look = (task: TaskRecord) => {
            if (task.state === 'assigned' && task.claim?.agent === place.name) resolve(heldOf(task));
          };
          const stop = tasks.onChange(look);
          const missed = tasks.heldBy(place.name);
          if (missed) look(missed);
          return stop;
        });
      }),

      prepareWork: fromPromise(async ({ input, signal }): Promise<WorkOutcome | null> => {
        const task = world.ports.tasks.get().get(input.assignment?.task ?? '');
        if (!task) throw new Error(`task ${input.assignment?.task} is not in the store`);
        show(world, place, task);
        try {
          assignment = await prepareAssignment(world, place, task, signal);
          return null;
        } catch (error) {
          if (error instanceof PromptError) return { outcome: 'blocked', note: error.message };
          if (error instanceof WorktreeError)
            return { outcome: 'failed', note: `no worktree: ${error.message}` };
          throw error;
        }
      }),

      submitWork: fromPromise(async ({ signal }) => {
        const { task, token } = held();
        await place.conversation.get().begin(held(), signal);
        await world.ports.tasks.get().apply(task, { type: 'accept', token });
      }),

      awaitOutcome: fromPromise(async ({ signal }) => place.conversation.get().outcome(held(), signal)),

      keepLease: fromCallback(({ input, sendBack }) => {
        const { task, token } = input.assignment ?? { task: '', token: 0 };
        const tasks = world.ports.tasks.get();
        const stop = tasks.onChange((changed) => {
          if (changed.issue.id !== task || (changed.token === token && changed.claim)) return;
          const reason = changed.token === token ? `the task is ${changed.state}` : 'somebody else has it';
          sendBack({ type: 'assignment.withdrawn', reason } satisfies AgentEvent);
        });
        const timer = setInterval(() => {
          void tasks.apply(task, { type: 'renew', token, leaseUntil: leaseUntil() }).catch((error: Error) => {
            world.log.warn({ agent: place.name, task, err: error }, 'lease.renewal.failed');
          });
        }, world.config.scheduler.lease / 3);
        return () => {
          stop();
          clearInterval(timer);
        };
      }),

      recordOutcome: fromPromise(async ({ input, signal }) => {
        const { task, token } = input.assignment ?? { task: '', token: 0 };
        const reported: WorkOutcome = input.outcome ?? { outcome: 'failed', note: 'no outcome' };
        const { outcome, note } = await verified(world, task, reported, signal);
        const tasks = world.ports.tasks.get();
        const at = new Date().toISOString();
        const { taken } = await tasks.apply(task, { type: 'finish', token, outcome, summary: note, at });
        if (assignment) await place.conversation.peek()?.settle(assignment, taken ? 'recorded' : 'abandoned');
      }),

      returnWork: fromPromise(async ({ input }) => {
        if (!world.stopping || !input.assignment) return;
        const { task, token } = input.assignment;
        await world.ports.tasks.get().apply(task, { type: 'return', token });
      }),

      abandonWork: fromPromise(async () => {
        if (assignment) await place.conversation.peek()?.settle(assignment, 'abandoned');
        // A kept program is still at it: it ends with its agent, which begins anew.
        if (place.adapter.program) await world.restartAgent(place.name);
      }),
    },
  });
}

const heldOf = (task: TaskRecord): HeldAssignment => ({ task: task.issue.id, token: task.token });

/** What an earlier life held, its try counted; undefined when it was the last one, or somebody else has it by now. */
async function takeUpAgain(
  world: World,
  { issue, token, attempts }: TaskRecord,
  leaseUntil: number,
): Promise<HeldAssignment | undefined> {
  const reason = 'the program or its pane went down in the middle of the work';
  const event = { type: 'restart', token, attempt: attempts, leaseUntil, reason } as const;
  const { taken, task } = await world.ports.tasks.get().apply(issue.id, event);
  return taken && task.claim ? heldOf(task) : undefined;
}

/** A stage is not done while changes are lying about uncommitted: the next stage would not see them. */
async function verified(
  world: World,
  task: string,
  reported: WorkOutcome,
  signal: AbortSignal,
): Promise<WorkOutcome> {
  if (reported.outcome !== 'done') return reported;
  const files = await withRepository(world, signal, () => world.ports.worktrees.get().uncommitted(task));
  if (files.length === 0) return reported;
  const note = `reported done, but changes are not committed: ${files.slice(0, 5).join(', ')}`;
  return { outcome: 'failed', note };
}

/** Shows people what the agent does: in its presence and in the name of its window. */
function show(world: World, place: AgentPlace, task: TaskRecord | undefined): void {
  const presence = world.ports.presence.peek();
  if (task) presence?.set(place.name, { availability: 'working', task: task.issue.id });
  else presence?.set(place.name, { availability: 'idle' });
  const work = task ? `#${task.issue.id} ${task.issue.title}`.slice(0, 40) : '';
  const pane = place.pane.peek();
  if (!pane) return;
  place.tmux
    .peek()
    ?.rename(pane, windowName(place, work))
    .catch((error: Error) => world.log.debug({ agent: place.name, err: error }, 'window.rename.failed'));
}
