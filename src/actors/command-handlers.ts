/** What each command does; the table in `src/events/commands.ts` says what it means. */
import { planAssignments } from '../../machines/scheduling/plan.ts';
import type { TaskEvent } from '../../machines/task.machine.ts';
import { readInbox } from '../bus/read-inbox.ts';
import { type CommandName, type CommandReply, commands } from '../events/commands.ts';
import { isResting, type TaskRecord } from '../tasks/task-record.ts';
import { agentViews } from './agent-views.ts';
import { orchestraStatus } from './orchestra-status.ts';
import { isDoneIn, plannableTasks } from './scheduler.actor.ts';
import { type AgentCommand, agentCommandSubject } from './serve-agent.ts';
import { placeOf, type World } from './world.ts';

/** A request that cannot be carried out, with what to do instead; `code` reaches the asker. */
class CommandRefusedError extends Error {
  override readonly name = 'CommandRefusedError';
  readonly code: 'unknown-task' | 'wrong-state';
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
    tasks: async (body) => listTasks(world, commands.tasks.request.parse(body)),
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
      const { agent, limit } = commands.inbox.request.parse(body);
      return readInbox(world.ports.bus.get(), placeOf(world, agent).name, { limit });
    },
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
  await world.ports.bus
    .get()
    .request(agentCommandSubject(name, verb), { by: 'operator' }, { timeout: 4_000 });
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

/** Held ones first, then those ready in the order in which they are taken, then held up, then resting ones. */
function listTasks(
  world: World,
  { state, limit }: { state?: string | undefined; limit?: number | undefined },
): TaskRecord[] {
  const tasks = world.ports.tasks.get();
  const plan = planAssignments(plannableTasks(tasks), [], isDoneIn(tasks), Date.now());
  const rank = new Map([...plan.ready, ...plan.held.keys()].map((id, index) => [id, index]));
  const rankOf = (task: TaskRecord): number => {
    if (task.claim) return -1;
    return rank.get(task.issue.id) ?? rank.size + (isResting(task) ? 1 : 0);
  };
  return [...tasks.all()]
    .filter((task) => state === undefined || task.state === state)
    .sort((a, b) => rankOf(a) - rankOf(b) || a.issue.id.localeCompare(b.issue.id, 'en', { numeric: true }))
    .slice(0, limit ?? Number.POSITIVE_INFINITY);
}
