/** An agent's work: bound to the task store, the worktrees and the conversation. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromCallback, fromPromise } from 'xstate';
import { type AgentEvent, agentMachine, type HeldAssignment } from '../../machines/agent.machine.ts';
import type { AgentPlace } from '../agents/agent-place.ts';
import { renderPrompt, taskFiles, writeTaskFiles } from '../agents/task-file.ts';
import { until } from '../agents/until.ts';
import type { Assignment } from '../events/commands.ts';
import { stageOf, type TaskRecord } from '../tasks/task-record.ts';
import { WorktreeError } from '../worktrees/worktree-error.ts';
import { defaultPrompt } from './default-prompt.ts';
import { windowName } from './pane.actor.ts';
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
      recallAssignment: fromPromise(async () => {
        assignment = undefined;
        const tasks = await world.ports.tasks.whenOpen();
        await world.ports.worktrees.whenOpen();
        await place.conversation.whenOpen();
        const task = tasks.heldBy(place.name);
        if (!task) {
          show(world, place, undefined);
          return null;
        }
        if (task.state === 'assigned') return heldOf(task);
        const reason = 'the program or its pane went down in the middle of the work';
        const { token } = task;
        const again = await tasks.apply(task.issue.id, {
          type: 'restart',
          token,
          leaseUntil: leaseUntil(),
          reason,
        });
        if (again.taken && again.task.claim) return heldOf(again.task);
        // Out of attempts, or somebody else has taken it meanwhile.
        show(world, place, undefined);
        return null;
      }),

      awaitAssignment: fromPromise(async ({ signal }) => {
        const tasks = await world.ports.tasks.whenOpen();
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

      prepareWork: fromPromise(async ({ input }) => {
        const task = world.ports.tasks.get().get(input.assignment?.task ?? '');
        if (!task) throw new Error(`task ${input.assignment?.task} is not in the store`);
        show(world, place, task);
        try {
          assignment = await prepare(world, place, task);
          return null;
        } catch (error) {
          if (!(error instanceof WorktreeError)) throw error;
          return { outcome: 'failed', note: `no worktree: ${error.message}` };
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
        const withdraw = (reason: string): void =>
          sendBack({ type: 'assignment.withdrawn', reason } satisfies AgentEvent);
        const stop = tasks.onChange((changed) => {
          if (changed.issue.id !== task) return;
          if (changed.token !== token || changed.claim?.agent !== place.name)
            withdraw('the claim is held by somebody else');
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

      recordOutcome: fromPromise(async ({ input }) => {
        const { task, token } = input.assignment ?? { task: '', token: 0 };
        const reported = input.outcome ?? { outcome: 'failed' as const, note: 'no outcome' };
        const checked = reported.outcome === 'done' ? await verify(world, task, reported) : reported;
        const event = {
          type: 'finish',
          token,
          outcome: checked.outcome,
          summary: checked.note,
          at: now(),
        } as const;
        const applied = await world.ports.tasks.get().apply(task, event);
        if (assignment)
          await place.conversation.peek()?.settle(assignment, applied.taken ? 'recorded' : 'abandoned');
      }),

      returnWork: fromPromise(async ({ input }) => {
        if (!world.stopping || !input.assignment) return;
        const { task, token } = input.assignment;
        await world.ports.tasks.get().apply(task, { type: 'return', token });
      }),

      abandonWork: fromPromise(async () => {
        if (assignment) await place.conversation.peek()?.settle(assignment, 'abandoned');
      }),
    },
  });
}

const now = () => new Date().toISOString();

const heldOf = (task: TaskRecord): HeldAssignment => ({ task: task.issue.id, token: task.token });

/** Makes the worktree and the task files. */
async function prepare(world: World, place: AgentPlace, task: TaskRecord): Promise<Assignment> {
  const { issue, token, attempts, reason } = task;
  const { path, branch } = await world.ports.worktrees.get().prepare(issue.id, issue.title);
  const assignment: Assignment = {
    task: issue.id,
    title: issue.title,
    body: issue.body,
    labels: issue.labels,
    stage: stageOf(task) ?? '',
    token,
    attempt: attempts,
    reason,
    worktree: path,
    branch,
    taskFile: taskFiles(place.folder).markdown,
  };
  const prompt = await renderPrompt(await promptFor(world, assignment.stage), place.name, assignment);
  await writeTaskFiles(place.folder, prompt, assignment);
  return assignment;
}

/** A stage's own template in the project's config folder, else the common one there, else the one we ship. */
async function promptFor(world: World, stage: string): Promise<string> {
  for (const name of [stage, 'task']) {
    const file = join(world.project, 'config', 'prompts', `${name}.liquid`);
    const template = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    if (template !== undefined) return template;
  }
  return defaultPrompt();
}

/** A stage is not done while changes are lying about uncommitted: the next stage would not see them. */
async function verify(
  world: World,
  task: string,
  reported: { outcome: 'done'; note: string } | { outcome: 'failed' | 'blocked'; note: string },
) {
  const uncommitted = await world.ports.worktrees.get().uncommitted(task);
  if (uncommitted.length === 0) return reported;
  return {
    outcome: 'failed' as const,
    note: `reported done, but changes are not committed: ${uncommitted.slice(0, 5).join(', ')}`,
  };
}

/** Shows people what the agent does: in its presence and in the name of its window. */
function show(world: World, place: AgentPlace, task: TaskRecord | undefined): void {
  const presence = world.ports.presence.peek();
  if (task) presence?.set(place.name, { availability: 'working', task: task.issue.id });
  else presence?.set(place.name, { availability: 'idle' });
  const work = task ? `#${task.issue.id} ${task.issue.title}`.slice(0, 40) : '';
  const pane = place.pane.peek();
  if (pane) {
    place.tmux
      .peek()
      ?.rename(pane, windowName(place, work))
      .catch((error: Error) => world.log.debug({ agent: place.name, err: error }, 'window.rename.failed'));
  }
}
