/** The page's real server with an orchestra that says what a test wants it to say. */

import { Admission } from '../../src/http/admission.ts';
import type { PageSource } from '../../src/http/app.ts';
import { type HttpServer, openHttp } from '../../src/http/open-http.ts';
import type { StateValue, Transition } from '../../src/inspection/transition.ts';
import { baselineEvent, type Viewer, type WireEvent, wireVersion } from '../../src/inspection/wire-event.ts';
import { packageRoot } from '../../src/package/package-root.ts';
import type { ChildDescription, SupervisorDescription } from '../../src/supervision/tree-description.ts';

/** A machine that lives in the canned orchestra. */
interface CannedMachine {
  readonly session: string;
  readonly path: string;
  readonly machine: string;
  value: StateValue;
  context: { [key: string]: string | number | null };
}

export interface CannedOptions {
  agents?: readonly { name: string; symbol: string; title: string }[];
  inspectorUrl?: string;
  transitions?: readonly Transition[];
  packageRoot?: string;
  port?: number;
  boot?: string;
}

export class CannedOrchestra {
  readonly machines: CannedMachine[] = [];
  tree: SupervisorDescription;
  readonly #viewers = new Set<Viewer>();
  #server: HttpServer | undefined;
  readonly #options: CannedOptions;

  constructor(options: CannedOptions = {}) {
    this.#options = options;
    this.tree = treeOf((options.agents ?? []).map(({ name }) => name));
    this.#liveBelow(this.tree);
  }

  /** Opens the server; the link is good for one browser. */
  async open(landing = '/'): Promise<string> {
    const { inspectorUrl = 'http://127.0.0.1:9', transitions = [], agents = [], port = 0 } = this.#options;
    const source: PageSource = {
      node: 'local',
      version: '0.1.0',
      boot: this.#options.boot ?? 'first',
      inspectorUrl,
      packageRoot: this.#options.packageRoot ?? packageRoot,
      agents: () => agents,
      attach: (viewer) => {
        this.#viewers.add(viewer);
        viewer.restart(this.baseline());
        return () => this.#viewers.delete(viewer);
      },
      describeTree: () => this.tree,
      readTransitions: async function* ({ from, to }) {
        for (const transition of transitions)
          if (transition.at >= from.getTime() && (!to || transition.at < to.getTime())) yield transition;
      },
      failed: (error) => {
        throw error;
      },
    };
    this.#server = await openHttp({ port, admission: new Admission({ owner: 'canned' }), source });
    return this.#server.link(landing);
  }

  /** Another link. */
  newLink(landing = '/'): string {
    return this.#server?.link(landing) ?? '';
  }

  /** How many connections listen to what happens. */
  get viewers(): number {
    return this.#viewers.size;
  }

  close(): Promise<void> | undefined {
    return this.#server?.close();
  }

  /** Moves a machine on as the hub would tell it: the event, then the snapshot with the edges taken. */
  move(path: string, event: string, value: StateValue, edges: string[] = []): void {
    const machine = this.machines.find((candidate) => candidate.path === path);
    if (!machine) throw new Error(`nothing lives at ${path}`);
    machine.value = value;
    this.send([
      { ...frameOf(machine), type: '@xstate.event', event: { type: event } },
      {
        ...frameOf(machine, edges),
        type: '@xstate.snapshot',
        event: { type: event },
        snapshot: { status: 'active', value, context: machine.context },
      },
    ]);
  }

  /** As after a break: everything is told from the beginning. */
  tellAnew(): void {
    for (const viewer of this.#viewers) viewer.restart(this.baseline());
  }

  send(events: readonly WireEvent[]): void {
    for (const viewer of this.#viewers) viewer.send(events);
  }

  baseline(): WireEvent[] {
    return this.machines.flatMap((machine): WireEvent[] => {
      const snapshot = { status: 'active' as const, value: machine.value, context: machine.context };
      const name = machine.path.slice(machine.path.lastIndexOf('/') + 1) || 'orchestra';
      return [
        {
          ...frameOf(machine),
          type: '@xstate.actor',
          name,
          definition: JSON.stringify({ id: machine.machine }),
          snapshot,
        },
        { ...frameOf(machine), type: '@xstate.snapshot', event: { type: baselineEvent }, snapshot },
      ];
    });
  }

  #liveBelow({ path, children }: SupervisorDescription): void {
    this.#live(path, 'supervisor', { running: 'idle' }, { children: children.length });
    for (const child of children) {
      if (child.supervisor) this.#liveBelow(child.supervisor);
      else {
        const { machine, value } = machineOf(child.id);
        this.#live(child.path, machine, value, {
          subject: child.id,
          failures: 0,
          since: '2026-11-22T18:00:00Z',
        });
      }
    }
  }

  #live(path: string, machine: string, value: StateValue, context: CannedMachine['context']): void {
    this.machines.push({ session: `x:${this.machines.length}`, path, machine, value, context });
  }
}

function frameOf({ session, path, machine }: CannedMachine, edges?: string[]) {
  return {
    _version: wireVersion,
    createdAt: String(Date.now()),
    id: null,
    rootId: 'x:0',
    sessionId: session,
    orchestra: { path, machine, ...(edges ? { edges } : {}) },
  };
}

/** Which machine stands behind a child, and a state in which it may be found. */
function machineOf(id: string): { machine: string; value: StateValue } {
  switch (id) {
    case 'pane':
    case 'session':
      return { machine: id, value: 'open' };
    case 'work':
      return { machine: 'agent', value: 'idle' };
    case 'mailbox':
      return { machine: id, value: { reading: 'empty' } };
    case 'worktrees':
    case 'tracker':
    case 'overview':
      return { machine: 'reconciler', value: { following: 'resting' } };
    case 'scheduler':
      return { machine: id, value: { scheduling: 'resting' } };
    case 'watchdog':
      return { machine: id, value: 'watching' };
    default:
      return { machine: 'resource', value: 'open' };
  }
}

function treeOf(agents: readonly string[]): SupervisorDescription {
  const workers = (above: string, ...ids: string[]) => ids.map((id) => child(`${above}/${id}`));
  const supervisor = (
    path: string,
    strategy: SupervisorDescription['strategy'],
    children: ChildDescription[],
  ): SupervisorDescription => ({
    path,
    phase: 'running',
    strategy,
    restarts: 0,
    intensity: 5,
    period: 60,
    maxChildren: null,
    children,
  });
  const below = (path: string, strategy: SupervisorDescription['strategy'], children: ChildDescription[]) =>
    child(path, supervisor(path, strategy, children));
  const ensemble = 'ensemble/agents';
  return supervisor('', 'rest_for_one', [
    below('broker', 'rest_for_one', workers('broker', 'natsServer', 'bus', 'journal')),
    below('ensemble', 'rest_for_one', [
      child('ensemble/tmuxServer'),
      below(
        ensemble,
        'one_for_one',
        agents.map((name) => {
          const path = `${ensemble}/agent:${name}`;
          return below(path, 'rest_for_one', workers(path, 'pane', 'session', 'work', 'mailbox'));
        }),
      ),
    ]),
    below('work', 'rest_for_one', workers('work', 'worktrees', 'tracker', 'scheduler')),
    below(
      'services',
      'one_for_one',
      workers('services', 'control', 'watchdog', 'config', 'overview', 'http'),
    ),
  ]);
}

function child(path: string, supervisor: SupervisorDescription | null = null): ChildDescription {
  return {
    id: path.slice(path.lastIndexOf('/') + 1),
    path,
    pid: `pid of ${path}`,
    state: 'running',
    type: supervisor ? 'supervisor' : 'worker',
    restart: 'permanent',
    shutdown: supervisor ? 'infinity' : 5_000,
    failures: 0,
    restarts: 0,
    uptime: 754_000,
    retryIn: null,
    lastExit: null,
    killFailed: null,
    quarantine: null,
    value: null,
    supervisor,
  };
}
