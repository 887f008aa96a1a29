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
import { orBrokenOff } from './broken-off.ts';
import { evidenceOf } from './failed-try.ts';
import { windowName } from './pane.actor.ts';
import { prepareAssignment } from './prepare-assignment.ts';
import { heldOf, recallAssignment } from './recall-assignment.ts';
import { withRepository } from './repository-patience.ts';
import { leavesPanes, type World } from './world.ts';

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
        await world.ports.tasks.whenOpen(signal);
        await world.ports.worktrees.whenOpen(signal);
        await place.conversation.whenOpen(signal);
        const recalled = await recallAssignment(world, place);
        place.hasRecalled = true;
        signal.throwIfAborted();
        if (!recalled) {
          if (place.desk.assignment) await stopWork(world, place, place.desk.assignment);
          show(world, place, undefined);
        }
        return recalled;
      }),

      awaitAssignment: fromPromise(async ({ signal }) => {
        const tasks = await world.ports.tasks.whenOpen(signal);
        return until<HeldAssignment | null>(signal, (resolve) => {
          const look = (task: TaskRecord) => {
            if (task.claim?.agent !== place.name) return;
            // Begun by nobody that lives: a late word of an earlier life of this agent has made it so.
            resolve(task.state === 'assigned' ? heldOf(task) : null);
          };
          const stop = tasks.onChange(look);
          const missed = tasks.heldBy(place.name);
          if (missed) look(missed);
          return stop;
        });
      }),

      takeOverWork: fromPromise(async ({ input }) => {
        const { task, token } = input.assignment ?? { task: '', token: 0 };
        assignment = place.desk.assignment;
        const tasks = world.ports.tasks.get();
        await tasks.apply(task, { type: 'renew', token, leaseUntil: leaseUntil() });
        // The daemon may have died before it could say so.
        await tasks.apply(task, { type: 'accept', token });
        const record = tasks.get(task);
        if (assignment?.token !== token || record?.token !== token || !record.claim) return false;
        place.conversation.get().takeOver(assignment);
        show(world, place, record);
        return true;
      }),

      prepareWork: fromPromise(async ({ input, signal }): Promise<WorkOutcome | null> => {
        const task = world.ports.tasks.get().get(input.assignment?.task ?? '');
        if (!task) throw new Error(`task ${input.assignment?.task} is not in the store`);
        show(world, place, task);
        // A git that is killed may leave locks, which are taken away with the worktree's preparation.
        await place.conversation.get().clear();
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
        const { task, token, attempt, stage } = held();
        const handed = { task, token, attempt, stage };
        const sessions = world.ports.sessions.get();
        sessions.update(place.name, { assignment: { ...handed, phase: 'submitting' } });
        // What is typed or started cannot be taken back: that it may have been is on record first.
        await sessions.stored(place.name, signal);
        const begun = await orBrokenOff(world, place, held(), place.conversation.get().begin(held(), signal));
        if (begun === 'broken-off') return begun;
        sessions.update(place.name, {
          assignment: { ...handed, phase: 'performing' },
          run: place.run.peek() ?? null,
          process: place.host.peek() ?? null,
        });
        // Who hears that it was accepted may rely on it: the next daemon can prove what the program is at.
        await sessions.stored(place.name, signal);
        await world.ports.tasks.get().apply(task, { type: 'accept', token });
        return 'begun' as const;
      }),

      awaitOutcome: fromPromise(({ signal }) =>
        orBrokenOff(world, place, held(), place.conversation.get().outcome(held(), signal)),
      ),

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
        place.brokenOff.clear();
        const reported: WorkOutcome = input.outcome ?? { outcome: 'failed', note: 'no outcome' };
        const { outcome, note, commit } = await verified(world, place, task, reported, signal);
        const tasks = world.ports.tasks.get();
        const at = new Date().toISOString();
        const evidence = outcome === 'failed' ? await evidenceOf(place, tasks.get(task)) : '';
        const finished = { token, outcome, summary: note, at, commit, evidence };
        const { taken } = await tasks.apply(task, { type: 'finish', ...finished });
        if (assignment) await place.conversation.peek()?.settle(assignment, taken ? 'recorded' : 'abandoned');
        forgetHandedOver(world, place);
      }),

      returnWork: fromPromise(async ({ input, signal }) => {
        if (!world.stopping || !input.assignment) return;
        const { task, token } = input.assignment;
        if (await isLeftAtWork(world, place, token, signal)) return;
        await world.ports.tasks.get().apply(task, { type: 'return', token });
      }),

      abandonWork: fromPromise(async () => {
        if (assignment) await place.conversation.peek()?.settle(assignment, 'abandoned');
        forgetHandedOver(world, place);
        // A kept program is still at it: it ends with its agent, which begins anew.
        if (place.adapter.program) await world.restartAgent(place.name);
      }),
    },
  });
}

/**
 * An earlier life of this agent's work had handed it over, and it is not this agent's any more (its last try was counted,
 * or no worktree could be made for the next one): the program may still be at it.
 */
async function stopWork(world: World, place: AgentPlace, handed: Assignment): Promise<void> {
  await place.conversation.peek()?.settle(handed, 'abandoned');
  forgetHandedOver(world, place);
  if (place.adapter.program) await world.restartAgent(place.name);
}

/** Nothing is asked of the program any more; one that was started for its task has ended. */
function forgetHandedOver({ ports }: World, { name, adapter }: AgentPlace): void {
  const ended = adapter.program ? {} : { run: null, process: null };
  ports.sessions.peek()?.update(name, { assignment: null, ...ended });
}

/** Whether the program goes on without a daemon, and the next one will find on record what it is at. */
async function isLeftAtWork(
  world: World,
  { name }: AgentPlace,
  token: number,
  signal: AbortSignal,
): Promise<boolean> {
  const sessions = world.ports.sessions.get();
  const handed = sessions.get(name)?.assignment;
  if (!leavesPanes(world) || handed?.phase !== 'performing' || handed.token !== token) return false;
  await sessions.stored(name, signal);
  return true;
}

/**
 * A stage is not done while changes are lying about uncommitted: the next stage would not see them. `commit` is what was
 * done: whatever comes after it, by whomever, is not part of the result.
 */
async function verified(
  world: World,
  place: AgentPlace,
  task: string,
  reported: WorkOutcome,
  signal: AbortSignal,
): Promise<WorkOutcome & { commit?: string }> {
  if (reported.outcome !== 'done') return reported;
  const files = await withRepository(world, place, signal, () =>
    world.ports.worktrees.get().uncommitted(task),
  );
  if (files.length === 0) {
    const commit = await withRepository(world, place, signal, () => world.ports.worktrees.get().head(task));
    return { ...reported, commit };
  }
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
