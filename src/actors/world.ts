/** What all actors of one daemon share: the configuration, the ports to adapters, the agents' places, the way to tell facts. */
import type { SessionStore } from '../adoption/session-store.ts';
import type { AgentPlace } from '../agents/agent-place.ts';
import type { Bus } from '../bus/bus.ts';
import type { Config } from '../config/config.ts';
import type { SpaceWatch } from '../disk/space-watch.ts';
import type { TellFact } from '../events/fact-publisher.ts';
import type { HttpServer } from '../http/open-http.ts';
import type { InspectionHub } from '../inspection/hub.ts';
import type { JournalRecorder } from '../journal/recorder.ts';
import type { Log } from '../log/log.ts';
import type { NatsServerProcess } from '../nats-server/launch.ts';
import type { Sweep } from '../orphans/sweep.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { OutgoingStore } from '../outbox/outgoing-store.ts';
import { Port } from '../ports/port.ts';
import type { ControlGroups } from '../processes/control-groups.ts';
import type { StateFolder } from '../state-folder/state-folder.ts';
import type { Victim } from '../supervision/kill-child.ts';
import type { SupervisorDescription } from '../supervision/tree-description.ts';
import type { PresenceBoard } from '../tasks/agent-presence.ts';
import type { TaskStore } from '../tasks/task-store.ts';
import type { Tmux } from '../tmux/tmux.ts';
import type { Tracker } from '../tracker/tracker.ts';
import type { Worktrees } from '../worktrees/worktrees.ts';
import type { FactOutlet } from './fact-outlet.ts';

export interface World {
  version: string;
  /** The config file's path, and the folder its relative paths start from. */
  configFile: string;
  project: string;
  /** The configuration in force; replaced when the file changes. */
  config: Config;
  state: StateFolder;
  startedAt: string;
  log: Log;
  tell: TellFact;
  outlet: FactOutlet;
  /** Sees all actors of the tree. */
  hub: InspectionHub;
  /** Takes in every transition from the first one on. */
  journal: JournalRecorder;
  ports: Ports;
  /** Where nats-server was last reached and whose keys lie where; known from its first start on. */
  natsAccess: NatsAccess | undefined;
  places: Map<string, AgentPlace>;
  /** Whether the tracker was read at least once: before that, no work in sight means nothing. */
  trackerRead: boolean;
  /** Whether the daemon is going down: what ends now is not started again. */
  stopping: boolean;
  /** The supervision tree as it stands at this moment. */
  describeTree(): SupervisorDescription;
  /** The life of a child that can be ended by force, for its supervisor to deal with. */
  victimAt(path: string): Victim;
  /**
   * Ends an agent in good order and starts it anew; such a restart is nobody's crash and costs no intensity. One in
   * quarantine stays there.
   */
  restartAgent(name: string): Promise<void>;
  /** Takes an agent out of quarantine and starts it; resolves when it is up. Back in quarantine when it cannot start. */
  reviveAgent(name: string): Promise<void>;
  /** Ends the daemon in good order. */
  requestShutdown(by: string): void;
}

export interface NatsAccess {
  url: string;
  /** The file of a user's secret seed: `daemon`, `operator`, or an agent's name. */
  seedFile(user: string): string;
}

export interface Ports {
  natsServer: Port<NatsServerProcess>;
  bus: Port<Bus>;
  tasks: Port<TaskStore>;
  presence: Port<PresenceBoard>;
  /** What is on record of the agents' living programs. */
  sessions: Port<SessionStore>;
  tmux: Port<Tmux>;
  /** Offered as soon as it was read once. */
  tracker: Port<Tracker>;
  worktrees: Port<Worktrees>;
  /** Whether the state folder's disk has room. */
  space: Port<SpaceWatch>;
  /** The writes to the outside that are on record; whoever wants one more enqueues it here. */
  outgoing: Port<OutgoingStore>;
  /** What carries them out. */
  outbox: Port<Outbox>;
  /** Whether and where the agents' processes are held together; known before anything is started. */
  controlGroups: Port<ControlGroups>;
  sweep: Port<Sweep>;
  http: Port<HttpServer>;
}

export const createPorts = (): Ports => ({
  natsServer: new Port('nats-server'),
  bus: new Port('the bus'),
  tasks: new Port('the task store'),
  presence: new Port('the presence board'),
  sessions: new Port('the session records'),
  tmux: new Port('tmux'),
  tracker: new Port('the tracker'),
  worktrees: new Port('the worktrees'),
  space: new Port('the look at the disk'),
  outgoing: new Port('the record of outgoing writes'),
  outbox: new Port('the outbox'),
  controlGroups: new Port('the control groups'),
  sweep: new Port('the sweep'),
  http: new Port('the page'),
});

/** Whether what lives in the panes is left to the next daemon now. */
export const leavesPanes = ({ stopping, config }: World): boolean =>
  stopping && config.shutdown.panes === 'keep';

/** An agent's place. @throws Error for a name that is not configured. */
export function placeOf(world: World, name: string): AgentPlace {
  const place = world.places.get(name);
  if (!place)
    throw new Error(`there is no agent "${name}"; there are ${[...world.places.keys()].join(', ')}`);
  return place;
}
