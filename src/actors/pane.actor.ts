/** An agent's pane, bound to tmux and to the processes that carry the agent's mark. */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { fromPromise } from 'xstate';
import { type OpenedPane, paneMachine } from '../../machines/pane.machine.ts';
import { agentOption } from '../adoption/judge.ts';
import type { AgentPlace } from '../agents/agent-place.ts';
import type { PaneProgram } from '../agents/conversation.ts';
import { endAgentProcesses } from '../agents/end-agent-processes.ts';
import { until } from '../agents/until.ts';
import { untilClosed } from '../output/last-words.ts';
import { markOutput } from '../output/output-log.ts';
import { processStartTime } from '../processes/process-start-time.ts';
import { readProcess } from '../processes/process-table.ts';
import type { PaneId } from '../tmux/pane-id.ts';
import type { ProcessExit } from '../tmux/process-exit.ts';
import type { Tmux } from '../tmux/tmux.ts';
import { TmuxError } from '../tmux/tmux-error.ts';
import { adoptPane, currentFingerprint } from './adopt-pane.ts';
import { culprit } from './broken-off.ts';
import { leavesPanes, type World } from './world.ts';

/** What is on record when nothing lives in the pane, or is about to be ended. */
const noProgram = { run: null, process: null, ready: false } as const;

/** How long an agent's last word may take to be stored when the daemon goes down, in ms. */
const storePatience = 4_000;

/** Time for a program to end by itself before it is killed, in ms. */
const grace = 2_000;

export function paneActor(world: World, place: AgentPlace) {
  /** The pane of the life before this one, if it outlived its program: it need not be looked for. */
  let left: { tmux: Tmux; pane: PaneId } | undefined;
  /** The pane of this life. Others see it only while it is watched. */
  let own: PaneId | undefined;

  return paneMachine.provide({
    actors: {
      adoptPane: fromPromise(async ({ signal }) => {
        if (place.isTaken) return null;
        const adopted = await adoptPane(world, place, signal);
        own = adopted?.pane;
        return adopted?.opened ?? null;
      }),
      endOrphans: fromPromise(async () => {
        own = undefined;
        place.adopted = undefined;
        // What stood there is no longer true, whatever becomes of the next start.
        world.ports.sessions.peek()?.update(place.name, noProgram);
        const { found, survivors } = await endAgentProcesses(place, { graceMs: grace });
        const pids = found.map(({ pid }) => pid);
        if (pids.length > 0) world.tell('agent.orphans.ended', place.name, { pids });
        if (survivors.length > 0)
          throw new Error(`processes ${survivors.map(({ pid }) => pid)} cannot be ended`);
        place.desk.reset();
        place.run.empty();
        place.host.empty();
      }),
      openPane: fromPromise(async ({ signal }) => {
        const tmux = place.tmux.get();
        const known = left?.tmux === tmux ? left.pane : undefined;
        left = undefined;
        own = known ?? (await findOrMakePane(world, tmux, place));
        signal.throwIfAborted();
        try {
          return await open(world, place, tmux, own);
        } catch (error) {
          // Of a window that was closed its program is seen to end first: the pane that outlived it is gone as well.
          if (known === undefined || !(error instanceof TmuxError && error.code === 'no-pane')) throw error;
          own = await findOrMakePane(world, tmux, place);
          signal.throwIfAborted();
          return await open(world, place, tmux, own);
        }
      }),
      watchPane: fromPromise(async ({ input, signal }) => {
        if (!input.opened) return;
        const tmux = place.tmux.get();
        const pane = place.pane.get();
        const { reason, isPaneLeft } = await lossOf(world, place, tmux, input.opened, signal).finally(() =>
          place.pane.empty(),
        );
        own = undefined;
        if (isPaneLeft) left = { tmux, pane };
        place.lastEnd = reason;
        // The next program's words must not come before its last ones, nor take their place.
        if (isPaneLeft && place.closedRun !== undefined)
          await untilClosed(place.output.file, place.closedRun);
        world.ports.sessions.peek()?.update(place.name, noProgram);
        world.tell('agent.pane.lost', place.name, { pane: input.opened.pane, reason });
        const task = place.desk.assignment?.task;
        // What is laid to the task costs the agent nothing: what follows ends this life, too.
        if (isPaneLeft && task !== undefined && culprit(place, task) === 'task' && !world.stopping)
          await world.restartAgent(place.name);
        throw new Error(reason);
      }),
      closePane: fromPromise(async () => {
        place.pane.empty();
        if (leavesPanes(world)) return;
        await endAgentProcesses(place, { graceMs: grace });
        if (own) await place.tmux.peek()?.killPane(own);
        own = undefined;
        await leaveNothing(world, place);
      }),
    },
  });
}

/** The next daemon looks for nothing; while the bus is away it finds out by itself. */
async function leaveNothing({ ports, stopping }: World, { name }: AgentPlace): Promise<void> {
  const sessions = ports.sessions.peek();
  sessions?.update(name, stopping ? { ...noProgram, pane: null, assignment: null } : noProgram);
  if (stopping) await sessions?.stored(name, AbortSignal.timeout(storePatience)).catch(() => undefined);
}

/** The agent's programs have ended by now: what lives in a pane with its name is a person's, or a forgery, and is left alone. */
async function findOrMakePane(world: World, tmux: Tmux, place: AgentPlace): Promise<PaneId> {
  const last = world.ports.sessions.peek()?.get(place.name)?.pane;
  const named = (await tmux.listPanes([agentOption])).filter(
    ({ options }) => options[agentOption] === place.name,
  );
  const isLast = ({ pane }: { pane: PaneId }) => pane === last;
  for (const { pane, dead, pid } of [...named.filter(isLast), ...named.filter((one) => !isLast(one))]) {
    // tmux may not have noticed yet that it is dead.
    const entry = dead ? undefined : await readProcess(pid);
    if (entry === undefined || entry.defunct) return pane;
  }
  return tmux.createWindow({ name: windowName(place), options: { [agentOption]: place.name } });
}

/** Whoever waits for the agent waits for its program: that is started first, then the others hear of it. */
async function open(world: World, place: AgentPlace, tmux: Tmux, pane: PaneId): Promise<OpenedPane> {
  place.pane.fill(pane);
  const { program } = place.adapter;
  const run = program && (await start(tmux, pane, program, place));
  const process = place.host.peek() ?? null;
  world.ports.sessions.peek()?.update(place.name, {
    fingerprint: currentFingerprint(world, place),
    tmux: tmux.server,
    pane,
    run: run ?? null,
    process,
    assignment: null,
  });
  world.ports.presence.peek()?.set(place.name, { availability: 'starting', pane });
  world.tell('agent.pane.opened', place.name, { pane, ...(run !== undefined && { run }) });
  return { pane, ...(run !== undefined && { run }) };
}

/** Starts the program that lives in the pane (mode kept). @returns its run */
async function start(tmux: Tmux, pane: PaneId, program: PaneProgram, place: AgentPlace): Promise<string> {
  // Sync: the folder is nearly always there, and a thread pool that is busy would only make the agent wait.
  mkdirSync(program.cwd, { recursive: true, mode: 0o700 });
  const run = randomUUID();
  const { argv, environment } = place.programSession.start(program.argv);
  markOutput(place.output.file, 'start', 'its program is started');
  place.run.fill(run);
  const { pid } = await tmux.run(pane, {
    runId: run,
    argv,
    cwd: program.cwd,
    environment: { ...place.environment(), ...environment },
    output: place.output,
    controlGroup: place.controlGroup.peek()?.open(),
  });
  place.host.fill({ pid, startTime: (await processStartTime(pid)) ?? 0 });
  return run;
}

/** How the window is called: flower, name and title, and what it works on. */
export function windowName({ name, config }: AgentPlace, work = ''): string {
  return [config.symbol, name, config.title, work].filter((part) => part !== '').join(' ');
}

const endText = ({ status, signal }: ProcessExit): string =>
  `its program ended (${signal ?? `status ${status ?? 'unknown'}`})`;

interface Loss {
  reason: string;
  /** The pane stands there for the next program. */
  isPaneLeft: boolean;
}

/** Resolves when the pane, or the program that has to live in it, is gone. */
function lossOf(
  world: World,
  place: AgentPlace,
  tmux: Tmux,
  { pane, run }: OpenedPane,
  signal: AbortSignal,
): Promise<Loss> {
  return until<Loss>(signal, (resolve) => {
    const stopExits = tmux.onExit((exit) => {
      if (exit.pane !== pane && exit.runId !== run) return;
      const { runId, status, signal: by, noticedBy } = exit;
      world.tell('agent.process.exited', place.name, {
        run: runId,
        noticedBy,
        ...(status === undefined ? {} : { status }),
        ...(by === undefined ? {} : { signal: by }),
      });
      place.lastEnd = endText(exit);
      place.closedRun = noticedBy === 'host' ? runId : undefined;
      if (runId !== run) return;
      resolve({ reason: place.lastEnd, isPaneLeft: true });
    });
    const stopVanished = tmux.onVanished((gone: { pane: PaneId }) => {
      if (gone.pane === pane) resolve({ reason: 'its window is gone', isPaneLeft: false });
    });
    return () => {
      stopExits();
      stopVanished();
    };
  });
}
