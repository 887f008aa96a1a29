/** Starts one daemon on its state folder, and ends it: in good order when asked, at once when asked twice. */
import type { SupervisorRef } from '../../machines/supervisor.machine.ts';
import { leavesPanes, type World } from '../actors/world.ts';
import { endAgentProcesses } from '../agents/end-agent-processes.ts';
import { until } from '../agents/until.ts';
import { refuseIncompleteRestore } from '../backup/restore-marker.ts';
import type { Config } from '../config/config.ts';
import { writeHooks } from '../fencing/hooks-folder.ts';
import { orchestraTree, rootFlags } from '../orchestra.ts';
import { processStartTime } from '../processes/process-start-time.ts';
import { removeDaemonFile, writeDaemonFile } from '../state-folder/daemon-file.ts';
import { lockFolder } from '../state-folder/folder-lock.ts';
import { createStateFolder, type StateFolder } from '../state-folder/state-folder.ts';
import { causeOf, errorText } from '../supervision/reason-text.ts';
import { endOf, type ShutdownOutcome, shutDown } from '../supervision/shut-down.ts';
import type { RootSupervisor } from '../supervision/start-supervisor.ts';
import type { SupervisionHistory } from '../supervision/supervision-history.ts';
import { createWorld } from './create-world.ts';
import { exhaustionText } from './exhaustion-text.ts';
import { daemonEnded } from './last-end.ts';
import { writeLauncher } from './launcher.ts';
import { logTransitions } from './log-transitions.ts';
import { raiseTree } from './raise-tree.ts';
import { settleProcesses } from './settle-processes.ts';
import { StartError } from './start-error.ts';

export interface DaemonInput {
  configFile: string;
  project: string;
  config: Config;
  state: StateFolder;
}

/** `stopped` is by request; `crashed` is unasked: the root gave up over its children or broke. `reason` is for people. */
export type DaemonEnd = { readonly how: 'stopped' } | { readonly how: 'crashed'; readonly reason: string };

export interface Daemon {
  world: World;
  /** Resolves when everything has ended. */
  ended: Promise<DaemonEnd>;
  /** Ends it in reverse order of its start. Repeated calls change nothing. */
  stop(by: string): void;
  /** Ends the processes at once. */
  kill(): Promise<void>;
}

/**
 * @param signal ends the start; what had been started is ended again
 * @throws FolderLockedError when a daemon runs on the folder already
 * @throws BackupError `restore-incomplete`
 * @throws StartError
 */
export async function startDaemon(input: DaemonInput, signal: AbortSignal): Promise<Daemon> {
  const { state } = input;
  await createStateFolder(state);
  const unlock = await lockFolder(state.root, state.lockFile);
  const world = createWorld(input);
  try {
    await refuseIncompleteRestore(state);
    // A daemon that was killed has left its own.
    await removeDaemonFile(state.daemonFile);
    await writeLauncher(state.bin);
    await writeHooks(state.hooks, state.worktrees);
    await settleProcesses(world);
    recordTransitions(world);
    const { root, history } = raiseTree(world, orchestraTree(world), world.hub.observer);
    await completeStart(root, signal, () => announce(world, input));
    return running(world, root.supervisor, history, unlock);
  } catch (error) {
    await killAll(world);
    await cleanUp(world, unlock);
    throw error;
  }
}

function recordTransitions({ hub, journal, log }: World): void {
  hub.onTransition((transition) => journal.record(transition));
  if (log.isLevelEnabled('debug')) hub.onTransition(logTransitions(log));
}

/** @throws StartError when a child could not be started, or the start was ended; nothing supervised lives on then */
async function completeStart(
  { supervisor, started }: RootSupervisor,
  signal: AbortSignal,
  announceStart: () => Promise<void>,
): Promise<void> {
  const aborted = until<never>(signal, () => () => undefined);
  try {
    const outcome = await Promise.race([started, aborted]);
    if (!outcome.ok) throw new StartError(errorText(outcome.reason), { cause: causeOf(outcome.reason) });
    await announceStart();
    signal.throwIfAborted();
  } catch (error) {
    await shutDown(supervisor, 0);
    if (signal.aborted) throw new StartError('it was ended while it was starting', { cause: error });
    throw error;
  }
}

function running(
  world: World,
  supervisor: SupervisorRef,
  history: SupervisionHistory,
  unlock: () => Promise<void>,
): Daemon {
  const drained = new Promise<ShutdownOutcome>((resolve) => {
    world.requestShutdown = (by) => {
      if (world.stopping) return;
      world.stopping = true;
      world.tell('node.stopping', world.config.node, { by });
      resolve(shutDown(supervisor, world.config.shutdown.timeout));
    };
  });
  const ended = Promise.race([endOf(supervisor), drained]).then(async (end): Promise<DaemonEnd> => {
    const reason = world.stopping ? undefined : whyEnded(end, history);
    // In the log before the daemon is seen to be gone.
    if (reason !== undefined) world.log.fatal({ reason }, daemonEnded);
    if (end.outcome !== 'ended') await killAll(world);
    await cleanUp(world, unlock);
    return reason === undefined ? { how: 'stopped' } : { how: 'crashed', reason };
  });
  const kill = async (): Promise<void> => {
    await killAll(world);
    await cleanUp(world, unlock);
  };
  return { world, ended, stop: (by) => world.requestShutdown(by), kill };
}

/** Of a root that nobody has asked to end. */
function whyEnded(end: ShutdownOutcome, history: SupervisionHistory): string {
  if (end.outcome === 'crashed') return errorText(end.error);
  return exhaustionText(rootFlags, history, history.offenderOf('') ?? 'unknown');
}

async function announce(world: World, { configFile, state }: DaemonInput): Promise<void> {
  const { natsAccess, ports, startedAt } = world;
  await writeDaemonFile(state.daemonFile, {
    pid: process.pid,
    processStart: (await processStartTime(process.pid)) ?? 0,
    startedAt,
    natsUrl: natsAccess?.url ?? '',
    operatorKey: natsAccess?.seedFile('operator') ?? '',
    attach: ports.tmux.peek()?.attachCommand() ?? [],
    config: configFile,
  });
  world.tell('node.started', world.config.node, { pid: process.pid, version: world.version });
}

async function cleanUp(world: World, unlock: () => Promise<void>): Promise<void> {
  const { presence, sessions, tasks, bus } = world.ports;
  presence.peek()?.close();
  sessions.peek()?.close();
  tasks.peek()?.close();
  await bus.peek()?.close(500);
  world.ports.controlGroups.peek()?.close();
  await removeDaemonFile(world.state.daemonFile);
  await unlock();
}

/**
 * Whatever the tree still holds in the operating system ends now, but for panes that are left to the next daemon: of a
 * start that fails too soon, also those which an earlier daemon has left to this one.
 */
async function killAll(world: World): Promise<void> {
  const { natsServer, tmux, sessions } = world.ports;
  const places = [...world.places.values()];
  const taken = leavesPanes(world) ? [] : places.filter(({ isTaken }) => isTaken);
  const isLeft = places.some(({ name, isTaken }) => !isTaken && sessions.peek()?.get(name)?.run);
  const agents = taken.map((place) => endAgentProcesses(place, { graceMs: 0 }));
  const server = leavesPanes(world) || isLeft ? tmux.peek()?.disconnect() : tmux.peek()?.shutDown();
  await Promise.allSettled([natsServer.peek()?.stop(0), server, ...agents]);
}
