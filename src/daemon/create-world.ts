/** From a configuration to the world that all actors of one daemon share. */
import { join } from 'node:path';
import { FactOutlet } from '../actors/fact-outlet.ts';
import { createPorts, type World } from '../actors/world.ts';
import { agentEnvironment } from '../agents/agent-environment.ts';
import { type AgentPlace, createAgentPlace, markPrefix } from '../agents/agent-place.ts';
import { createAdapter } from '../agents/create-adapter.ts';
import type { AgentConfig } from '../config/agent-config.ts';
import type { Config } from '../config/config.ts';
import { createFactPublisher } from '../events/fact-publisher.ts';
import { InspectionHub } from '../inspection/hub.ts';
import { JournalRecorder } from '../journal/recorder.ts';
import { createLog, type Log } from '../log/log.ts';
import { outputFile } from '../output/output-log.ts';
import { packageVersion } from '../package/package-root.ts';
import type { StateFolder } from '../state-folder/state-folder.ts';
import { agentGitEnvironment } from '../worktrees/agent-git-environment.ts';
import { createProgramSession } from './create-program-session.ts';

export interface WorldInput {
  configFile: string;
  project: string;
  config: Config;
  state: StateFolder;
}

export function createWorld({ config, state, ...input }: WorldInput, givenLog?: Log): World {
  const tellLost = (lines: number, reason: string) =>
    world.tell('node.log.lost', config.node, { lines, reason });
  const log = givenLog ?? createLog({ level: config.log.level, file: state.logFile, onLost: tellLost });
  const outlet = new FactOutlet((facts) => world.tell('node.facts.lost', config.node, { facts }));
  const startedAt = new Date().toISOString();
  const world: World = {
    ...input,
    config,
    state,
    log,
    outlet,
    hub: new InspectionHub({ failed: (error) => log.error({ err: error }, 'inspection.failed') }),
    journal: new JournalRecorder({
      boot: startedAt,
      node: config.node,
      onDropping: () => log.warn('journal.dropping'),
    }),
    version: packageVersion(),
    startedAt,
    tell: createFactPublisher({
      node: config.node,
      enqueue: (subject, body) => outlet.enqueue(subject, body),
      heard: (name, about, body) => log.info({ about, ...body }, name),
    }),
    ports: createPorts(),
    natsAccess: undefined,
    places: new Map(),
    trackerRead: false,
    stopping: false,
    // These are given their meaning when the supervision tree stands.
    describeTree: notUpYet,
    victimAt: notUpYet,
    restartAgent: async () => notUpYet(),
    reviveAgent: async () => notUpYet(),
    requestShutdown: () => undefined,
  };
  for (const [name, agent] of Object.entries(config.agents))
    world.places.set(name, createPlace(world, name, agent));
  return world;
}

function notUpYet(): never {
  throw new Error('the orchestra is not up yet');
}

function createPlace(world: World, name: string, config: AgentConfig): AgentPlace {
  const folder = world.state.agent(name);
  const mark = `${markPrefix(world.state.root)}.${name}`;
  const own = config.adapter === 'sample' ? { ORCHESTRA_SAMPLE_PACE: String(config.pace) } : {};
  const environment = () => {
    const access = world.natsAccess;
    if (!access) throw new Error(`${name} cannot be started before nats-server has been`);
    return agentEnvironment(
      {
        name,
        roles: config.roles,
        mark,
        folder,
        natsUrl: access.url,
        key: access.seedFile(name),
        bin: world.state.bin,
        environment: { ...config.environment, ...own },
        git: { ...agentGitEnvironment(name) },
        hooks: world.state.hooks,
      },
      process.env,
    );
  };
  const home = join(folder, 'home');
  return createAgentPlace(
    {
      name,
      config,
      folder,
      home,
      environment,
      mark,
      tmux: world.ports.tmux,
      programSession: createProgramSession(world, name, config),
      output: { file: outputFile(folder), bytes: world.config.log.output * 500_000 },
    },
    createAdapter,
  );
}
