/** The conversation with a program that is started for each task: its argument is the environment, its answer the exit status. */
import { randomUUID } from 'node:crypto';
import type { Assignment } from '../events/commands.ts';
import { processStartTime } from '../processes/process-start-time.ts';
import type { ProcessExit } from '../tmux/process-exit.ts';
import { runOption } from '../tmux/tmux.ts';
import type { AgentPlace } from './agent-place.ts';
import { beginTry } from './begin-try.ts';
import { type Conversation, ConversationError, type Outcome } from './conversation.ts';
import { endAgentProcesses } from './end-agent-processes.ts';
import { until } from './until.ts';

/** How long a program that has reported may go on by itself before it is ended, in ms. */
const farewell = 2_000;

export function taskConversation(place: AgentPlace, argv: readonly string[]): Conversation {
  let exit: Promise<ProcessExit> | undefined;
  /** A start that is under way: who ends the run waits for it, or the program would begin after its end. */
  let starting: Promise<{ pid: number }> | undefined;

  /** Of a run that has ended already the end is told, too. */
  const exitOf = (runId: string, signal?: AbortSignal) =>
    new Promise<ProcessExit>((resolve) => {
      const stop = place.tmux.get().onExit((noticed) => {
        if (noticed.runId !== runId) return;
        stop();
        resolve(noticed);
      });
      signal?.addEventListener('abort', stop, { once: true });
    });

  return {
    ready: () => Promise.resolve(),

    /** What an earlier life has started and could not settle must not go on beside its successor. */
    async clear() {
      if (place.run.peek() !== undefined) await endAgentProcesses(place, { graceMs: farewell });
    },

    async begin(assignment, signal) {
      signal.throwIfAborted();
      const tmux = place.tmux.get();
      const runId = randomUUID();
      const start = place.programSession.start(argv, assignment);
      beginTry(place, assignment);
      exit = exitOf(runId, signal);
      place.run.fill(runId);
      starting = tmux.run(place.pane.get(), {
        runId,
        argv: start.argv,
        cwd: assignment.worktree,
        environment: { ...place.environment(), ...start.environment, ...taskEnvironment(assignment) },
        output: place.output,
        controlGroup: place.controlGroup.peek()?.open(),
      });
      const { pid } = await starting;
      place.host.fill({ pid, startTime: (await processStartTime(pid)) ?? 0 });
    },

    takeOver() {
      exit = exitOf(place.run.get());
    },

    async outcome(_assignment, signal) {
      if (!exit) throw new ConversationError('crashed', 'no program was started for this task');
      const over = new AbortController();
      const ended = until<Outcome>(AbortSignal.any([signal, over.signal]), (resolve) => {
        if (place.desk.outcome) resolve(place.desk.outcome);
        place.desk.once('ended', resolve);
        return () => place.desk.off('ended', resolve);
      });
      const exited = exit.then((noticed) => place.desk.outcome ?? outcomeOfExit(noticed));
      try {
        return await Promise.race([ended, exited]);
      } finally {
        // An exit status came first: the desk is not listened to any more.
        over.abort();
      }
    },

    async settle(_assignment, how) {
      place.desk.settle(how === 'recorded' ? how : 'abandoned');
      if (how !== 'broken-off') place.programSession.end();
      const gone = exit;
      exit = undefined;
      if (how === 'recorded' && gone !== undefined) await Promise.race([gone, later(farewell)]);
      await starting?.catch(() => undefined);
      starting = undefined;
      await endAgentProcesses(place, { graceMs: farewell });
      // Its end is on record: the next daemon need not hear of it. With the pane gone there is nothing to hear.
      const pane = place.pane.peek();
      if (how === 'recorded' && pane)
        await place.tmux
          .peek()
          ?.setOption(pane, runOption, '')
          .catch(() => {});
      place.run.empty();
      place.host.empty();
    },

    /** It stays in the inbox stream, where the program, or its next run, reads it with `orchestra inbox`. */
    deliver: () => Promise.resolve('delivered'),

    /** A program that only has an exit status cannot be asked; the interrupt comes next. */
    nudge: () => Promise.resolve(),

    async interrupt() {
      await place.tmux.get().sendKeys(place.pane.get(), ['C-c']);
    },

    close: () => Promise.resolve(),
  };
}

/** 0 is done, another status a failed try, a signal a crash; a shell says 126 or 127 of what it cannot start (POSIX, 2.8.2). */
function outcomeOfExit({ status, signal }: ProcessExit): Outcome {
  if (signal !== undefined || status === undefined || status > 128) {
    throw new ConversationError(
      'crashed',
      `the program was ended by ${signal ?? `status ${status ?? 'unknown'}`}`,
    );
  }
  if (status === 126 || status === 127)
    throw new ConversationError('not-started', `the program cannot be started (status ${status})`);
  if (status === 0) return { outcome: 'done', note: '' };
  return { outcome: 'failed', note: `the program ended with status ${status}` };
}

/** What a program learns about its task from its environment. */
function taskEnvironment(assignment: Assignment): Record<string, string> {
  return {
    ORCHESTRA_TASK: assignment.task,
    ORCHESTRA_STAGE: assignment.stage,
    ORCHESTRA_TOKEN: String(assignment.token),
    ORCHESTRA_ATTEMPT: String(assignment.attempt),
    ORCHESTRA_TASK_FILE: assignment.taskFile,
    ORCHESTRA_WORKTREE: assignment.worktree,
    ORCHESTRA_BRANCH: assignment.branch,
  };
}

const later = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
