/** An agent's pane, bound to tmux and to the processes that carry the agent's mark. */
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { fromPromise } from 'xstate';
import { type OpenedPane, paneMachine } from '../../machines/pane.machine.ts';
import { type AgentPlace, markVariable } from '../agents/agent-place.ts';
import { until } from '../agents/until.ts';
import { endMarkedProcesses } from '../processes/end-marked-processes.ts';
import type { PaneId } from '../tmux/pane-id.ts';
import type { World } from './world.ts';

/** Time for a program to end by itself before it is killed, in ms. */
const grace = 2_000;

export function paneActor(world: World, place: AgentPlace) {
  return paneMachine.provide({
    actors: {
      endOrphans: fromPromise(async () => {
        const { found, survivors } = await endMarkedProcesses(markVariable, place.mark, { graceMs: grace });
        const pids = found.map(({ pid }) => pid);
        if (pids.length > 0) world.tell('agent.orphans.ended', place.name, { pids });
        if (survivors.length > 0)
          throw new Error(`processes ${survivors.map(({ pid }) => pid)} cannot be ended`);
        place.desk.reset();
      }),
      openPane: fromPromise(async () => open(world, place)),
      watchPane: fromPromise(async ({ input, signal }) => {
        if (!input.opened) return;
        const reason = await lossOf(world, place, input.opened, signal);
        place.pane.empty();
        world.tell('agent.pane.lost', place.name, { pane: input.opened.pane, reason });
        throw new Error(reason);
      }),
      closePane: fromPromise(async () => {
        const pane = place.pane.peek();
        place.pane.empty();
        if (world.config.shutdown.panes === 'keep') return;
        await endMarkedProcesses(markVariable, place.mark, { graceMs: grace });
        if (pane) await place.tmux.peek()?.killWindow(pane);
      }),
    },
  });
}

async function open(world: World, place: AgentPlace): Promise<OpenedPane> {
  const tmux = place.tmux.get();
  const name = windowName(place);
  const pane =
    (await tmux.findPane('@orchestra_agent', place.name)) ??
    (await tmux.createWindow({ name, options: { '@orchestra_agent': place.name } }));
  place.pane.fill(pane);
  world.ports.presence.peek()?.set(place.name, { availability: 'starting', pane });
  const { program } = place.adapter;
  if (!program) {
    world.tell('agent.pane.opened', place.name, { pane });
    return { pane };
  }
  await mkdir(program.cwd, { recursive: true, mode: 0o700 });
  const run = randomUUID();
  place.run.fill(run);
  await tmux.run(pane, {
    runId: run,
    argv: program.argv,
    cwd: program.cwd,
    environment: place.environment(),
  });
  world.tell('agent.pane.opened', place.name, { pane, run });
  return { pane, run };
}

/** How the window is called: flower, name and title, and what it works on. */
export function windowName({ name, config }: AgentPlace, work = ''): string {
  return [config.symbol, name, config.title, work].filter((part) => part !== '').join(' ');
}

/** Resolves with the reason when the pane, or the program that has to live in it, is gone. */
function lossOf(
  world: World,
  place: AgentPlace,
  { pane, run }: OpenedPane,
  signal: AbortSignal,
): Promise<string> {
  const tmux = place.tmux.get();
  return until<string>(signal, (resolve) => {
    const stopExits = tmux.onExit((exit) => {
      if (exit.pane !== pane && exit.runId !== run) return;
      const { runId, status, signal: by, noticedBy } = exit;
      world.tell('agent.process.exited', place.name, {
        run: runId,
        noticedBy,
        ...(status === undefined ? {} : { status }),
        ...(by === undefined ? {} : { signal: by }),
      });
      if (runId === run) resolve(`its program ended (${by ?? `status ${status ?? 'unknown'}`})`);
    });
    const stopVanished = tmux.onVanished((gone: { pane: PaneId }) => {
      if (gone.pane === pane) resolve('its window is gone');
    });
    return () => {
      stopExits();
      stopVanished();
    };
  });
}
