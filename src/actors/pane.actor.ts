/** An agent's pane, bound to tmux and to the processes that carry the agent's mark. */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { fromPromise } from 'xstate';
import { type OpenedPane, paneMachine } from '../../machines/pane.machine.ts';
import { type AgentPlace, markVariable } from '../agents/agent-place.ts';
import type { PaneProgram } from '../agents/conversation.ts';
import { until } from '../agents/until.ts';
import { endMarkedProcesses } from '../processes/end-marked-processes.ts';
import type { PaneId } from '../tmux/pane-id.ts';
import type { Tmux } from '../tmux/tmux.ts';
import type { World } from './world.ts';

/** Time for a program to end by itself before it is killed, in ms. */
const grace = 2_000;

export function paneActor(world: World, place: AgentPlace) {
  /** The pane of the life before this one, if it outlived its program: it need not be looked for. */
  let left: { tmux: Tmux; pane: PaneId } | undefined;
  /** The pane of this life. Others see it only while it is watched. */
  let own: PaneId | undefined;

  return paneMachine.provide({
    actors: {
      endOrphans: fromPromise(async () => {
        own = undefined;
        const { found, survivors } = await endMarkedProcesses(markVariable, place.mark, { graceMs: grace });
        const pids = found.map(({ pid }) => pid);
        if (pids.length > 0) world.tell('agent.orphans.ended', place.name, { pids });
        if (survivors.length > 0)
          throw new Error(`processes ${survivors.map(({ pid }) => pid)} cannot be ended`);
        place.desk.reset();
        place.run.empty();
      }),
      openPane: fromPromise(async ({ signal }) => {
        const tmux = place.tmux.get();
        const known = left?.tmux === tmux ? left.pane : undefined;
        left = undefined;
        own = known ?? (await findOrMakePane(tmux, place));
        signal.throwIfAborted();
        return open(world, place, tmux, own);
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
        world.tell('agent.pane.lost', place.name, { pane: input.opened.pane, reason });
        throw new Error(reason);
      }),
      closePane: fromPromise(async () => {
        place.pane.empty();
        if (world.config.shutdown.panes === 'keep') return;
        await endMarkedProcesses(markVariable, place.mark, { graceMs: grace });
        if (own) await place.tmux.peek()?.killWindow(own);
        own = undefined;
      }),
    },
  });
}

async function findOrMakePane(tmux: Tmux, place: AgentPlace): Promise<PaneId> {
  return (
    (await tmux.findPane('@orchestra_agent', place.name)) ??
    (await tmux.createWindow({ name: windowName(place), options: { '@orchestra_agent': place.name } }))
  );
}

/** Whoever waits for the agent waits for its program: that is started first, then the others hear of it. */
async function open(world: World, place: AgentPlace, tmux: Tmux, pane: PaneId): Promise<OpenedPane> {
  place.pane.fill(pane);
  const { program } = place.adapter;
  const run = program && (await start(tmux, pane, program, place));
  world.ports.presence.peek()?.set(place.name, { availability: 'starting', pane });
  world.tell('agent.pane.opened', place.name, { pane, ...(run !== undefined && { run }) });
  return { pane, ...(run !== undefined && { run }) };
}

/** Starts the program that lives in the pane (mode kept). @returns its run */
async function start(tmux: Tmux, pane: PaneId, program: PaneProgram, place: AgentPlace): Promise<string> {
  // Sync: the folder is nearly always there, and a thread pool that is busy would only make the agent wait.
  mkdirSync(program.cwd, { recursive: true, mode: 0o700 });
  const run = randomUUID();
  place.run.fill(run);
  await tmux.run(pane, {
    runId: run,
    argv: program.argv,
    cwd: program.cwd,
    environment: place.environment(),
  });
  return run;
}

/** How the window is called: flower, name and title, and what it works on. */
export function windowName({ name, config }: AgentPlace, work = ''): string {
  return [config.symbol, name, config.title, work].filter((part) => part !== '').join(' ');
}

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
      if (runId !== run) return;
      resolve({ reason: `its program ended (${by ?? `status ${status ?? 'unknown'}`})`, isPaneLeft: true });
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
