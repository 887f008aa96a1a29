/** Our tmux server as a supervised resource. */
import { fromPromise } from 'xstate';
import { type ResourceInput, resourceMachine } from '../../machines/resource.machine.ts';
import { openTmux } from '../tmux/open-tmux.ts';
import type { Tmux } from '../tmux/tmux.ts';
import { leavesPanes, type World } from './world.ts';

/** `open` connects to the server; a simulation brings its own. */
export function tmuxServerActor(world: World, open: (world: World) => Promise<Tmux> = openOwnTmux) {
  const { ports } = world;
  return resourceMachine.provide({
    actors: {
      openResource: fromPromise(async ({ signal }) => {
        const tmux = await open(world);
        if (signal.aborted) return tmux.shutDown();
        ports.tmux.fill(tmux);
      }),
      watchResource: fromPromise<void, ResourceInput>(async () => {
        const tmux = ports.tmux.get();
        const lost = await tmux.lost;
        if (ports.tmux.peek() === tmux) ports.tmux.empty();
        throw lost;
      }),
      closeResource: fromPromise(async () => {
        const tmux = ports.tmux.peek();
        ports.tmux.empty();
        if (leavesPanes(world)) return tmux?.disconnect();
        const panes = (await tmux?.end()) ?? [];
        if (panes.length > 0) world.tell('node.panes.left', world.config.node, { panes });
      }),
    },
  });
}

function openOwnTmux({ state, config }: World): Promise<Tmux> {
  const { history, poll } = config.tmux;
  return openTmux({
    socket: state.tmuxSocket,
    runDirectory: state.tmuxRun,
    environment: serverEnvironment(),
    historyLimit: history,
    pollInterval: poll,
  });
}

/** Ends the server at once, whatever runs in it; unless that is left to the next daemon. */
export async function killTmuxServer(world: World): Promise<void> {
  const { tmux: port } = world.ports;
  const tmux = port.peek();
  port.empty();
  if (leavesPanes(world)) await tmux?.disconnect();
  else await tmux?.shutDown();
}

/** What the tmux server itself needs; each pane gets its own environment on top. */
function serverEnvironment(): Record<string, string> {
  const environment: Record<string, string> = { LANG: 'C.UTF-8' };
  for (const name of ['PATH', 'HOME', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'SHELL', 'USER']) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}
