/** The table of commands: everything that may be asked of the daemon by request and reply, with both shapes. */
import { z } from 'zod';
import { Orphan } from '../orphans/orphan.ts';
import { SupervisorDescription } from '../supervision/tree-description.ts';
import { TaskRecord, TaskState } from '../tasks/task-record.ts';
import { name, taskId, text } from './fields.ts';

interface CommandDefinition<Request extends z.ZodType, Reply extends z.ZodType> {
  sentence: string;
  request: Request;
  reply: Reply;
}

const command = <Request extends z.ZodType, Reply extends z.ZodType>(
  sentence: string,
  request: Request,
  reply: Reply,
): CommandDefinition<Request, Reply> => ({ sentence, request, reply });

const nothing = z.object({});

/** One agent as `orchestra agents` shows it. */
export const AgentView = z.object({
  name,
  title: z.string(),
  symbol: z.string(),
  roles: z.array(z.string()),
  availability: z.enum(['starting', 'idle', 'working', 'stopped', 'quarantined']),
  task: z.string().optional(),
  taskTitle: z.string().optional(),
  stage: z.string().optional(),
  since: z.string(),
  pane: z.string().optional(),
  doing: z.string().optional(),
  /** Why it is in quarantine. */
  reason: z.string().optional(),
  /** When its quarantine ends by itself, ISO 8601. */
  until: z.string().optional(),
});
export type AgentView = z.infer<typeof AgentView>;

/** One task as `orchestra tasks` lists it; `task.show` has the text and the history as well. */
export const TaskSummary = z.object({
  id: taskId,
  title: z.string(),
  priority: z.int(),
  state: TaskState,
  /** The stage it waits for or is in; none when all are done. */
  stage: z.string().optional(),
  /** Who holds it. */
  agent: z.string().optional(),
  blockedBy: z.array(taskId),
});
export type TaskSummary = z.infer<typeof TaskSummary>;

/** A message in somebody's inbox. */
export const MessageView = z.object({
  id: z.string(),
  from: z.string(),
  text: z.string(),
  sentAt: z.string(),
  sequence: z.int(),
});
export type MessageView = z.infer<typeof MessageView>;

/** A write to the outside that is not made yet, or was given up. */
export const WaitingWrite = z.object({
  key: z.string(),
  kind: z.enum(['comment', 'push']),
  task: taskId,
  since: z.string(),
  /** Why it waits or was given up; none while it is only not yet its turn. */
  reason: z.string().optional(),
  isGivenUp: z.boolean(),
});
export type WaitingWrite = z.infer<typeof WaitingWrite>;

const OrchestraView = z.object({
  name: z.string(),
  node: z.string(),
  pid: z.int(),
  version: z.string(),
  startedAt: z.string(),
  natsUrl: z.string(),
  attach: z.array(z.string()),
  tasks: z.object({
    total: z.int(),
    waiting: z.int(),
    working: z.int(),
    done: z.int(),
    failed: z.int(),
    blocked: z.int(),
    closed: z.int(),
  }),
  idle: z.boolean(),
  /** Writes to the outside that are not made yet: how many wait, how many were given up, and why the oldest does. */
  outbox: z.object({ waiting: z.int(), givenUp: z.int(), reason: z.string().optional() }),
  /** The disk of the state folder is nearly full: no new work is assigned. */
  diskIsLow: z.boolean().default(false),
  /** Whether agents work on in their panes when the daemon is ended. */
  keepsPanes: z.boolean().default(false),
  agents: z.array(AgentView),
});
export type OrchestraView = z.infer<typeof OrchestraView>;

/** Commands of people and programs with the operator's key, at `orchestra.cmd.<verb>`. */
export const commands = {
  status: command('The orchestra at a glance.', nothing, OrchestraView),
  agents: command('All agents.', nothing, z.array(AgentView)),
  tasks: command(
    'A page of the tasks, held ones first, then in the order in which they would be taken; an empty one ends the list.',
    z.object({
      state: TaskState.optional(),
      /** Goes on behind this task. */
      after: taskId.optional(),
      limit: z.int().min(1).max(1000).default(500),
    }),
    z.array(TaskSummary),
  ),
  'task.show': command('One task.', z.object({ id: taskId }), TaskRecord),
  'task.retry': command('Gives a failed or blocked task another try.', z.object({ id: taskId }), TaskRecord),
  'task.release': command('Takes a task from its agent.', z.object({ id: taskId, reason: text }), TaskRecord),
  'agent.interrupt': command("Interrupts an agent's program.", z.object({ agent: name }), nothing),
  'agent.restart': command(
    "Ends an agent's program; its supervisor starts it anew.",
    z.object({ agent: name }),
    nothing,
  ),
  'agent.revive': command(
    'Takes an agent out of quarantine and starts it.',
    z.object({ agent: name }),
    z.object({
      /** Whether it is up already; otherwise it is still starting. */
      up: z.boolean(),
    }),
  ),
  'agent.nudge': command('Asks an agent whether it goes on.', z.object({ agent: name }), nothing),
  outbox: command(
    'The oldest writes to the outside that are not made yet, given up ones among them.',
    z.object({ limit: z.int().min(1).max(1000).default(200) }),
    z.array(WaitingWrite),
  ),
  'outbox.retry': command(
    'Tries what waits or was given up at once: one write, or all.',
    z.object({ key: text.optional() }),
    nothing,
  ),
  'outbox.drop': command('Forgets a write that was given up.', z.object({ key: text }), nothing),
  inbox: command(
    "An agent's latest messages, oldest first, as many as one answer holds; a message that alone is too long is cut.",
    z.object({
      agent: name,
      limit: z.int().min(1).max(1000),
      /** Only those before this sequence. */
      before: z.int().min(1).optional(),
    }),
    z.array(MessageView),
  ),
  'inspect.open': command(
    'A link to the page, for one browser, once, within two minutes.',
    z.object({
      /** What the page opens with instead of what happens now. */
      replay: z
        .object({ from: z.iso.datetime(), to: z.iso.datetime().optional(), agent: name.optional() })
        .optional(),
      stately: z.boolean().optional(),
    }),
    z.object({
      url: z.string(),
      /** What is not as it was asked for, for people. */
      note: z.string().optional(),
    }),
  ),
  tree: command('The supervision tree at this moment.', nothing, SupervisorDescription),
  'tree.kill': command(
    'Ends a supervised child by force, and all below it; its supervisor takes it for a crash.',
    z.object({ path: text }),
    z.object({ path: z.string(), pid: z.string() }),
  ),
  orphans: command(
    'What belongs to nobody, as far as one answer holds it; with `clean` it is cleaned by rule.',
    z.object({ clean: z.boolean().default(false) }),
    z.object({
      orphans: z.array(Orphan),
      /** What was cleaned. */
      cleaned: z.array(Orphan),
      /** Where the agents' processes are held; otherwise why they are not. */
      controlGroup: z.object({ folder: z.string().optional(), reason: z.string().optional() }),
    }),
  ),
  shutdown: command('Ends the daemon in good order.', z.object({ by: z.string() }), nothing),
} as const;

export type CommandName = keyof typeof commands;
export type CommandRequest<Verb extends CommandName> = z.input<(typeof commands)[Verb]['request']>;
export type CommandReply<Verb extends CommandName> = z.output<(typeof commands)[Verb]['reply']>;

/** What an agent may ask, at `orchestra.agent.<name>.query.<verb>`. */
export const queries = {
  assignment: command(
    'What the agent is to work on.',
    nothing,
    z.object({
      assignment: z
        .object({
          task: taskId,
          title: z.string(),
          body: z.string(),
          stage: z.string(),
          token: z.int(),
          attempt: z.int(),
          maxAttempts: z.int(),
          /** Why the last try ended, and its evidence; '' for the first one. */
          reason: z.string(),
          evidence: z.string(),
          worktree: z.string(),
          branch: z.string(),
          taskFile: z.string(),
          labels: z.array(z.string()),
        })
        .nullable(),
    }),
  ),
  inbox: command(
    "The agent's own latest messages, oldest first.",
    z.object({ limit: z.int().min(1).max(1000) }),
    z.array(MessageView),
  ),
  colleagues: command('The other agents.', nothing, z.array(AgentView)),
  holds: command(
    'Whether the agent holds the task, by that claim if a token is given; without a task, whether it holds any.',
    z.object({ task: taskId.optional(), token: z.int().optional() }),
    z.object({
      holds: z.boolean(),
      /** Why not, for people. */
      reason: z.string().optional(),
    }),
  ),
} as const;

export type QueryName = keyof typeof queries;
export type QueryRequest<Verb extends QueryName> = z.input<(typeof queries)[Verb]['request']>;
export type QueryReply<Verb extends QueryName> = z.output<(typeof queries)[Verb]['reply']>;
export type Assignment = NonNullable<QueryReply<'assignment'>['assignment']>;

const held = { task: taskId.optional(), token: z.int().optional() };
const ended = z.object({ ...held, note: text.default('') });

/** What an agent may report, at `orchestra.agent.<name>.report.<verb>`. Without task and token its present one is meant. */
export const reports = {
  ready: command('The program takes input.', nothing, nothing),
  accept: command('It has understood its task and begins.', z.object(held), nothing),
  say: command('A line on what it is doing; a sign of life.', z.object({ text }), nothing),
  done: command('The stage is done.', ended, nothing),
  fail: command('The try has failed.', ended, nothing),
  block: command('It cannot go on without a person.', ended, nothing),
} as const;

export type ReportName = keyof typeof reports;
export type ReportRequest<Verb extends ReportName> = z.input<(typeof reports)[Verb]['request']>;

export const commandSubject = (verb: CommandName): string => `orchestra.cmd.${verb}`;
export const querySubject = (agent: string, verb: QueryName): string =>
  `orchestra.agent.${agent}.query.${verb}`;
export const reportSubject = (agent: string, verb: ReportName): string =>
  `orchestra.agent.${agent}.report.${verb}`;
export const inboxSubject = (to: string, from?: string): string =>
  from === undefined ? `orchestra.agent.${to}.inbox` : `orchestra.agent.${to}.inbox.${from}`;
