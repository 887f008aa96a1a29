/** What each command does; the table in `src/events/commands.ts` says what it means. */
import type { TaskEvent } from '../../machines/task.machine.ts';
import { BusError } from '../bus/bus-error.ts';
import { type CommandName, type CommandReply, commands } from '../events/commands.ts';
import type { TaskRecord } from '../tasks/task-record.ts';
import { agentViews } from './agent-views.ts';
import { readInboxPage } from './inbox-page.ts';
import { listTasks } from './list-tasks.ts';
import { orchestraStatus } from './orchestra-status.ts';
import { type AgentCommand, agentCommandSubject } from './serve-agent.ts';
import { placeOf, type World } from './world.ts';

/** A request that cannot be carried out, with what to do instead; `code` reaches the asker. */
class CommandRefusedError extends Error {
  override readonly name = 'CommandRefusedError';
  readonly code: 'unknown-task' | 'wrong-state' | 'unavailable';
  constructor(code: CommandRefusedError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

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
        { type: 'release', token, reason, at: new Date().toISOString() },
        'nobody holds it',
      );
    },
    'agent.nudge': (body) => toAgent(world, 'nudge', commands['agent.nudge'].request.parse(body).agent),
    'agent.interrupt': (body) =>
      toAgent(world, 'interrupt', commands['agent.interrupt'].request.parse(body).agent),
    'agent.restart': (body) => toAgent(world, 'restart', commands['agent.restart'].request.parse(body).agent),
    inbox: async (body) => {
      const { agent, ...request } = commands.inbox.request.parse(body);
      return readInboxPage(world.ports.bus.get(), placeOf(world, agent).name, request);
    },
    shutdown: async (body) => {
      const { by } = commands.shutdown.request.parse(body);
      // The answer leaves before the bus does.
      setImmediate(() => world.requestShutdown(by));
      return {};
    },
  };
}

/** A restart also brings an agent back from quarantine, when nothing of it is there to hear a command. */
async function toAgent(world: World, verb: AgentCommand, agent: string): Promise<Record<string, never>> {
  const { name } = placeOf(world, agent);
  const availability = world.ports.presence.get().get(name)?.availability;
  if (verb === 'restart' && availability === 'quarantined') {
    world.tell('agent.restarted', name, { by: 'operator' });
    await world.restartAgent(name);
    return {};
  }
  try {
    await world.ports.bus
      .get()
      .request(agentCommandSubject(name, verb), { by: 'operator' }, { timeout: 4_000 });
  } catch (error) {
    if (!(error instanceof BusError) || error.code !== 'no-responder') throw error;
    throw new CommandRefusedError(
      'unavailable',
      `${name} is ${availability ?? 'starting'} and hears no command now`,
    );
  }
  return {};
}

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
