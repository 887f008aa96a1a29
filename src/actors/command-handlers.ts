/** What each command does; the table in `src/events/commands.ts` says what it means. */
import { setTimeout as pause } from 'node:timers/promises';
import type { TaskEvent } from '../../machines/task.machine.ts';
import { BusError } from '../bus/bus-error.ts';
import { type CommandName, type CommandReply, type CommandRequest, commands } from '../events/commands.ts';
import { unknownChild } from '../supervision/nearest-path.ts';
import type { TaskRecord } from '../tasks/task-record.ts';
import { agentViews } from './agent-views.ts';
import { answerOrphans } from './answer-orphans.ts';
import { page } from './answer-page.ts';
import { readInboxPage } from './inbox-page.ts';
import { listTasks } from './list-tasks.ts';
import { orchestraStatus } from './orchestra-status.ts';
import { type AgentCommand, agentCommandSubject } from './serve-agent.ts';
import { placeOf, type World } from './world.ts';

/** A request that cannot be carried out, with what to do instead; `code` reaches the asker. */
class CommandRefusedError extends Error {
  override readonly name = 'CommandRefusedError';
  readonly code: 'unknown-task' | 'unknown-write' | 'unknown-child' | 'wrong-state' | 'unavailable';
  constructor(code: CommandRefusedError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** How long a revived agent may take to be up before that is left to itself, in ms. */
const reviveTimeout = 8_000;

type Handlers = { [Verb in CommandName]: (body: unknown) => Promise<CommandReply<Verb>> };

export function commandHandlers(world: World): Handlers {
  return {
    status: async () => orchestraStatus(world),
    agents: async () => agentViews(world),
    tasks: async (body) => {
      const { after, ...request } = commands.tasks.request.parse(body);
      return listTasks(world, { ...request, after: after === undefined ? undefined : taskOf(world, after) });
    },
    'task.show': async (body) => taskOf(world, commands['task.show'].request.parse(body).id),
    'task.retry': async (body) => {
      const { id } = commands['task.retry'].request.parse(body);
      const event: TaskEvent = { type: taskOf(world, id).state === 'done' ? 'reopen' : 'retry' };
      return change(world, id, event, 'only a failed, blocked or done task can be retried');
    },
    'task.release': async (body) => {
      const { id, reason } = commands['task.release'].request.parse(body);
      const { token } = taskOf(world, id);
      return change(
        world,
        id,
        { type: 'release', token, reason, at: new Date().toISOString(), isForgiven: true },
        'nobody holds it',
      );
    },
    'agent.nudge': (body) => toAgent(world, 'nudge', commands['agent.nudge'].request.parse(body).agent),
    'agent.interrupt': (body) =>
      toAgent(world, 'interrupt', commands['agent.interrupt'].request.parse(body).agent),
    'agent.restart': (body) => toAgent(world, 'restart', commands['agent.restart'].request.parse(body).agent),
    'agent.revive': async (body) => revive(world, commands['agent.revive'].request.parse(body).agent),
    outbox: async (body) => {
      const { limit } = commands.outbox.request.parse(body);
      return page(world.ports.outbox.get().waiting().slice(0, limit));
    },
    'outbox.retry': async (body) => {
      const { key } = commands['outbox.retry'].request.parse(body);
      if (await world.ports.outbox.get().retry(key)) return {};
      throw new CommandRefusedError('unknown-write', noWrite(key ?? ''));
    },
    'outbox.drop': async (body) => {
      const { key } = commands['outbox.drop'].request.parse(body);
      if (await world.ports.outbox.get().drop(key)) return {};
      throw new CommandRefusedError('unknown-write', noWrite(key));
    },
    inbox: async (body) => {
      const { agent, ...request } = commands.inbox.request.parse(body);
      return readInboxPage(world.ports.bus.get(), placeOf(world, agent).name, request);
    },
    'inspect.open': async (body) => {
      const landing = landingOf(commands['inspect.open'].request.parse(body));
      const page = world.ports.http.get();
      return { url: page.link(landing), ...(page.note !== undefined && { note: page.note }) };
    },
    tree: async () => world.describeTree(),
    'tree.kill': async (body) => kill(world, commands['tree.kill'].request.parse(body).path),
    orphans: (body) => answerOrphans(world, commands.orphans.request.parse(body)),
    shutdown: async (body) => {
      const { by } = commands.shutdown.request.parse(body);
      // The answer leaves before the bus does.
      setImmediate(() => world.requestShutdown(by));
      return {};
    },
  };
}

async function toAgent(world: World, verb: AgentCommand, agent: string): Promise<Record<string, never>> {
  const { name } = placeOf(world, agent);
  const availability = world.ports.presence.get().get(name)?.availability;
  if (availability === 'quarantined') {
    throw new CommandRefusedError(
      'wrong-state',
      `${name} is in quarantine and hears no command; \`orchestra agents revive ${name}\` brings it back`,
    );
  }
  try {
    await world.ports.bus
      .get()
      .request(agentCommandSubject(name, verb), { by: 'operator' }, { timeout: 10_000 });
  } catch (error) {
    if (!(error instanceof BusError) || error.code !== 'no-responder') throw error;
    throw new CommandRefusedError(
      'unavailable',
      `${name} is ${availability ?? 'starting'} and hears no command now`,
    );
  }
  return {};
}

/** Answers after a while also when it is not up yet: a program may take its time to say that it is ready. */
async function revive(world: World, agent: string): Promise<{ up: boolean }> {
  const { name } = placeOf(world, agent);
  const availability = world.ports.presence.get().get(name)?.availability ?? 'starting';
  if (availability !== 'quarantined')
    throw new CommandRefusedError('wrong-state', `${name} is ${availability}, not in quarantine`);
  world.tell('agent.revived', name, { by: 'operator' });
  // A person has looked: should it come to another quarantine, that is a first one.
  world.ports.presence.get().set(name, { quarantine: undefined });
  const revived = world.reviveAgent(name).then(() => true);
  return { up: await Promise.race([revived, pause(reviveTimeout, false, { ref: false })]) };
}

async function kill(world: World, path: string): Promise<{ path: string; pid: string }> {
  const victim = world.victimAt(path);
  if (victim.ok) {
    const { pid, kill } = victim;
    // The answer leaves before the bus does, should that be what dies.
    setImmediate(() => void world.ports.bus.get().flush().then(kill, kill));
    return { path, pid };
  }
  switch (victim.error) {
    case 'root':
      throw new CommandRefusedError('wrong-state', 'the root is ended with `orchestra down`');
    case 'unknown':
      throw new CommandRefusedError('unknown-child', unknownChild(path, victim.nearest));
    case 'not_running':
      throw new CommandRefusedError(
        'wrong-state',
        `${path} is ${victim.state}; only what runs can be killed`,
      );
  }
}

/** As the page reads it. */
function landingOf({ replay, stately }: CommandRequest<'inspect.open'>): string {
  if (!replay) return stately ? '/#stately' : '/';
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(replay)) if (value !== undefined) query.set(key, value);
  return `/#replay?${query}`;
}

const noWrite = (key: string): string =>
  `there is no write "${key}" that was given up; \`orchestra outbox\` lists them`;

function taskOf(world: World, id: string): TaskRecord {
  const task = world.ports.tasks.get().get(id);
  if (task) return task;
  throw new CommandRefusedError('unknown-task', `there is no task "${id}"; \`orchestra tasks\` lists them`);
}

async function change(world: World, id: string, event: TaskEvent, whyNot: string): Promise<TaskRecord> {
  const applied = await world.ports.tasks.get().apply(id, event);
  if (applied.taken) return applied.task;
  throw new CommandRefusedError('wrong-state', `task ${id} is ${taskOf(world, id).state}; ${whyNot}`);
}
