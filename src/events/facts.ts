/** The table of facts: everything that is said to have happened, its NATS subject, its shape, and a sentence on it. */
import { z } from 'zod';
import { messageId, text } from './fields.ts';

/** Whose fact it is; the second token of the subject, before the agent's name, the task's id or the node's name. */
type Scope = 'agent' | 'task' | 'node';

interface FactDefinition<Shape extends z.ZodRawShape> {
  sentence: string;
  body: z.ZodObject<Shape>;
}

const fact = <Shape extends z.ZodRawShape>(sentence: string, shape: Shape): FactDefinition<Shape> => ({
  sentence,
  body: z.object(shape),
});

const stage = z.string();
const token = z.int();
const agent = z.string();

/** Every fact by name. A name is `<scope>.<noun>.<verb>` or `<scope>.<verb>`, the verb in the past tense. */
export const facts = {
  'agent.pane.opened': fact('The pane is there; in mode kept its program runs.', {
    pane: z.string(),
    run: z.string().optional(),
  }),
  'agent.pane.lost': fact('The pane or the program that has to run in it is gone.', {
    pane: z.string(),
    reason: text,
  }),
  'agent.process.exited': fact("The agent's program ended.", {
    run: z.string(),
    status: z.int().optional(),
    signal: z.string().optional(),
    noticedBy: z.string(),
  }),
  'agent.orphans.ended': fact('Processes that the program had left running were ended.', {
    pids: z.array(z.int()),
  }),
  'agent.adopted': fact(
    'A daemon found the pane that an earlier one had opened, and goes on with what lives in it.',
    {
      pane: z.string(),
      run: z.string().optional(),
      task: z.string().optional(),
    },
  ),
  'agent.adoption.refused': fact(
    'What an earlier daemon left could not be proven: it is ended and started anew.',
    {
      reason: text,
    },
  ),
  'agent.session.opened': fact('The program takes input.', {}),
  'agent.availability.changed': fact('What the agent does has changed.', {
    availability: z.enum(['starting', 'idle', 'working', 'stopped', 'quarantined']),
    task: z.string().optional(),
  }),
  'agent.message.delivered': fact('A message has reached the agent.', {
    message: messageId,
    from: z.string(),
  }),
  'agent.message.rejected': fact('A message went to the dead letters.', { message: messageId, reason: text }),
  'agent.mailbox.full': fact('Its inbox takes no more messages until it has handled some.', {
    /** Stored messages of one sender. */
    messages: z.int(),
    from: z.string(),
  }),
  'agent.flooding': fact('It reports faster than can be taken in; some of its reports were refused.', {
    refused: z.int(),
  }),
  'agent.said': fact('The agent reports what it is doing.', { task: z.string().optional(), text }),
  'agent.stalled': fact('No sign of life for the configured time.', {
    silentFor: z.number(),
    evidence: text,
  }),
  'agent.nudged': fact('The watchdog asked the agent whether it goes on.', { task: z.string().optional() }),
  'agent.interrupted': fact('The watchdog or a person interrupted the program.', { by: z.string() }),
  'agent.restarted': fact('The program was ended so that its supervisor starts it anew.', { by: z.string() }),
  'agent.quarantined': fact('It was restarted too often; a person has to look.', {
    reason: text,
    /** When it is started again all the same, ISO 8601. */
    until: z.string().optional(),
  }),
  'agent.paroled': fact('Its time in quarantine was over; it is started again.', {}),
  'agent.output.gap': fact('Some of what the program printed is missing from its log.', { reason: text }),
  'agent.revived': fact('A person took it out of quarantine.', { by: z.string() }),
  'task.discovered': fact('An issue was seen for the first time.', { title: text, stage, priority: z.int() }),
  'task.updated': fact('The issue was edited.', { title: text, priority: z.int() }),
  'task.claimed': fact('The stage was assigned to an agent.', { agent, stage, token, attempt: z.int() }),
  'task.accepted': fact('The agent was seen to accept it.', { agent, stage, token }),
  'task.finished': fact('The agent ended its work on the stage.', {
    agent,
    stage,
    token,
    outcome: z.enum(['done', 'failed', 'blocked']),
    summary: text,
  }),
  'task.released': fact('The assignment was taken back.', { agent, stage, token, reason: text }),
  'task.restarted': fact('The agent starts on the stage again after a crash.', {
    agent,
    stage,
    token,
    attempt: z.int(),
    reason: text,
  }),
  'task.advanced': fact('It waits for the next stage.', { stage }),
  'task.completed': fact('Every stage is done.', { title: text }),
  'task.failed': fact('Every attempt is used up.', {
    stage,
    reason: text,
    /** What the last try's program printed last and how it ended. */
    evidence: text.optional(),
  }),
  'task.blocked': fact('It cannot go on without a person.', { stage, reason: text }),
  'task.commented': fact('A result stands on the issue as a comment.', { token }),
  'task.pushed': fact("The remote's branch is where the task's record says.", {
    token,
    branch: z.string(),
    commit: z.string(),
  }),
  'task.write.abandoned': fact(
    'A write to the outside can never succeed; it stays in the outbox until a person decides.',
    { key: z.string(), kind: z.string(), reason: text },
  ),
  'task.retried': fact('A person gave it another try.', { stage }),
  'task.closed': fact('The issue was closed by somebody else.', {}),
  'node.started': fact('The daemon is up.', { pid: z.int(), version: z.string() }),
  'node.stopping': fact('The daemon is going down.', { by: z.string() }),
  'node.child.restarted': fact('A supervisor restarted a child.', { path: z.string(), reason: text }),
  'node.child.terminated': fact('A supervised child ended.', { path: z.string(), reason: text }),
  'node.kill.failed': fact('A child was ended by force; what it held outside may live on.', {
    path: z.string(),
    reason: text,
  }),
  'node.supervisor.exhausted': fact('Too many restarts within the period; the supervisor gave up.', {
    path: z.string(),
    /** The child whose restart was one too many. */
    child: z.string().optional(),
  }),
  'node.config.reloaded': fact('The config file was read anew.', { needsRestart: z.array(z.string()) }),
  'node.config.rejected': fact('The config file has faults; the last good one stays.', {
    faults: z.array(text),
  }),
  'node.record.set-aside': fact(
    'A stored record cannot be read: its bytes are kept in a file, and its key is free.',
    {
      bucket: z.string(),
      key: z.string(),
      revision: z.int(),
      reason: text,
      file: z.string(),
    },
  ),
  'node.records.restored': fact(
    'Records that were known here were lost by nats-server; they are stored again.',
    {
      bucket: z.string(),
      records: z.int(),
    },
  ),
  'node.stream.damaged': fact(
    'Part of a stream could not be read by nats-server; what it left out is kept in a file.',
    {
      stream: z.string(),
      /** Messages that nats-server cut off or does not have any more. */
      lost: z.int(),
      /** Of these, so many were read from the file and stored again. */
      restored: z.int(),
      kept: z.string().optional(),
    },
  ),
  'node.stream.shrunk': fact('A stream was made smaller; its oldest messages are gone.', {
    stream: z.string(),
    messages: z.int(),
    bytes: z.int(),
  }),
  'node.store.stalled': fact('No writes are taken by nats-server; they wait until it does.', {
    reason: text,
  }),
  'node.store.recovered': fact('Writes are taken again: nats-server was restarted.', {
    /** How long it took none, in ms. */
    stalledFor: z.int(),
  }),
  'node.facts.lost': fact('So many facts could not wait any longer for the bus and were thrown away.', {
    facts: z.int(),
  }),
  'node.log.lost': fact('So many lines could not be written to the log.', { lines: z.int(), reason: text }),
  'node.disk.low': fact('The disk of the state folder is nearly full: no new work is assigned.', {
    /** In bytes, as is the reserve. */
    free: z.int(),
    reserve: z.int(),
  }),
  'node.disk.recovered': fact('The disk has room again.', { free: z.int(), reserve: z.int() }),
  'node.tracker.problem': fact('An issue cannot be read; it is left out.', {
    file: z.string(),
    line: z.int(),
    column: z.int(),
    message: text,
  }),
  'node.tracker.failed': fact('The tracker did not answer; the work goes on and it is asked again.', {
    reason: text,
  }),
  'node.outbox.delayed': fact('Writes to the outside wait; they are tried until they succeed.', {
    kind: z.string(),
    reason: text,
  }),
  'node.repository.failed': fact('The repository cannot be used; the rest goes on and it is asked again.', {
    reason: text,
  }),
  'node.worktree.kept': fact(
    'A worktree of a task that is over cannot be removed, as with uncommitted changes.',
    {
      task: z.string(),
      path: z.string(),
      reason: text,
    },
  ),
  'node.orphan.cleaned': fact('Something that belonged to nobody was ended, removed or released.', {
    kind: z.string(),
    id: text,
    why: text,
  }),
  'node.orphan.kept': fact('Something belongs to nobody, and a person has to decide about it.', {
    kind: z.string(),
    id: text,
    why: text,
    /** What the person can do. */
    advice: text.optional(),
  }),
  'node.panes.left': fact("The daemon ended, and other people's programs go on in its tmux server.", {
    panes: z.array(z.string()),
  }),
  'node.worktree.left': fact('A worktree that belongs to no task was found.', {
    task: z.string(),
    path: z.string(),
  }),
} as const satisfies Record<`${Scope}.${string}`, FactDefinition<z.ZodRawShape>>;

export type FactName = keyof typeof facts;
export type FactBody<Name extends FactName> = z.infer<(typeof facts)[Name]['body']>;

/** What every fact carries besides its own body. */
export const FactStamp = z.object({
  /** When, ISO 8601. */
  at: z.string(),
  /** On which node. */
  node: z.string(),
});

/** The subject of a fact about one agent, task or node: `orchestra.agent.kaede.pane.opened`. */
export function factSubject(name: FactName, subject: string): string {
  const [scope, ...rest] = name.split('.');
  return ['orchestra', scope, subject, ...rest].join('.');
}

/** All subjects that ORCH_EVENTS stores. */
export function factSubjects(): string[] {
  return (Object.keys(facts) as FactName[]).map((name) => factSubject(name, '*'));
}

/** A fact as it was read back from its subject; undefined for a subject or a body that is none. */
export interface Fact {
  name: FactName;
  /** The agent's name, the task's id or the node's name. */
  about: string;
  at: string;
  node: string;
  body: Record<string, unknown>;
}

/** Reads a fact back from its subject and body; undefined when it is none of the table. */
export function readFact(subject: string, body: unknown): Fact | undefined {
  const [root, scope, about, ...rest] = subject.split('.');
  const name = [scope, ...rest].join('.');
  if (root !== 'orchestra' || about === undefined || !isFactName(name)) return undefined;
  const stamp = FactStamp.safeParse(body);
  const parsed = facts[name].body.safeParse(body);
  if (!stamp.success || !parsed.success) return undefined;
  return { name, about, ...stamp.data, body: parsed.data };
}

const isFactName = (name: string): name is FactName => Object.hasOwn(facts, name);
