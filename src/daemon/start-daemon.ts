/** Starts one daemon on its state folder, and ends it: in good order when asked, at once when asked twice. */
import { placeOf, type World } from '../actors/world.ts';
import { markVariable } from '../agents/agent-place.ts';
import type { Config } from '../config/config.ts';
import { orchestraTree, rootFlags } from '../orchestra.ts';
import { endMarkedProcesses } from '../processes/end-marked-processes.ts';
import { removeDaemonFile, writeDaemonFile } from '../state-folder/daemon-file.ts';
import { lockFolder } from '../state-folder/folder-lock.ts';
import { createStateFolder, type StateFolder } from '../state-folder/state-folder.ts';
import { endOf, type ShutdownOutcome, shutDown } from '../supervision/shut-down.ts';
import { startSupervisor } from '../supervision/start-supervisor.ts';
import { createWorld } from './create-world.ts';
import { causeOf, errorText } from './error-text.ts';
import { writeLauncher } from './launcher.ts';
import { logTransitions } from './log-transitions.ts';
import { reportSupervision } from './report-supervision.ts';
import { StartError } from './start-error.ts';

export interface DaemonInput {
  configFile: string;
  project: string;
  config: Config;
  state: StateFolder;
}

export interface Daemon {
  world: World;
  /** Resolves when everything has ended; `crashed` when it was not asked to. */
  ended: Promise<'stopped' | 'crashed'>;
  /** Ends it in reverse order of its start. Repeated calls change nothing. */
  stop(by: string): void;
  /** Ends the processes at once. */
  kill(): Promise<void>;
}

/**
 * @throws FolderLockedError when a daemon runs on the folder already
 * @throws StartError
 */
export async function startDaemon(input: DaemonInput): Promise<Daemon> {
  const { state } = input;
  await createStateFolder(state);
  const unlock = await lockFolder(state.root, state.lockFile);
  let stop: (by: string) => void = () => undefined;
  const world = createWorld({ ...input, requestShutdown: (by) => stop(by) });
  try {
    await writeLauncher(state.bin);
    const { supervisor, started } = startSupervisor(
      {
        flags: rootFlags,
        children: orchestraTree(world),
        hooks: { report: (report) => reportSupervision(world, report) },
      },
      { id: 'orchestra', inspect: logTransitions(world.log) },
    );
    const outcome = await started;
    if (!outcome.ok) throw new StartError(errorText(outcome.reason), { cause: causeOf(outcome.reason) });
    await announce(world, input);

    const drained = new Promise<ShutdownOutcome>((resolve) => {
      stop = (by) => {
        if (world.stopping) return;
        world.stopping = true;
        world.tell('node.stopping', world.config.node, { by });
        resolve(shutDown(supervisor, world.config.shutdown.timeout));
      };
    });
    const ended = Promise.race([endOf(supervisor), drained]).then(
      async ({ outcome }): Promise<'stopped' | 'crashed'> => {
        if (outcome !== 'ended') await killAll(world);
        await cleanUp(world, unlock);
        return world.stopping ? 'stopped' : 'crashed';
      },
    );
    return { world, ended, stop: (by) => stop(by), kill: () => killAll(world) };
  } catch (error) {
    await killAll(world);
    await cleanUp(world, unlock);
    throw error;
  }
}

async function announce(world: World, { configFile, state }: DaemonInput): Promise<void> {
  const { natsAccess, ports, startedAt } = world;
  await writeDaemonFile(state.daemonFile, {
    pid: process.pid,
    startedAt,
    natsUrl: natsAccess?.url ?? '',
    operatorKey: natsAccess?.seedFile('operator') ?? '',
    attach: ports.tmux.peek()?.attachCommand() ?? [],
    config: configFile,
  });
  world.tell('node.started', world.config.node, { pid: process.pid, version: world.version });
}

async function cleanUp(world: World, unlock: () => Promise<void>): Promise<void> {
  const { presence, tasks, bus } = world.ports;
  presence.peek()?.close();
  tasks.peek()?.close();
  await bus.peek()?.close(500);
  await removeDaemonFile(world.state.daemonFile);
  await unlock();
}

/** Whatever the tree still holds in the operating system ends now. */
async function killAll(world: World): Promise<void> {
  const { natsServer, tmux } = world.ports;
  const agents = [...world.places.keys()].map((name) =>
    endMarkedProcesses(markVariable, placeOf(world, name).mark, { graceMs: 0 }),
  );
  await Promise.allSettled([natsServer.peek()?.stop(0), tmux.peek()?.shutDown(), ...agents]);
}
