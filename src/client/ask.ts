/** Typed requests to the daemon: the CLI, the dashboard and agents' programs ask through these and nothing else. */
import type { Bus } from '../bus/bus.ts';
import {
  type CommandName,
  type CommandReply,
  type CommandRequest,
  commandSubject,
  commands,
  type QueryName,
  type QueryReply,
  type QueryRequest,
  queries,
  querySubject,
  type ReportName,
  type ReportRequest,
  reportSubject,
} from '../events/commands.ts';

/** How long the daemon may take to answer unless told otherwise, in ms; a busy machine may stand still for seconds. */
const answerTimeout = 15_000;

/** How long a report waits for its result to be checked and recorded, in ms. */
const reportTimeout = 60_000;

/** Asks with the operator's key. @throws BusError when nobody answers or the daemon refuses. */
export async function ask<Verb extends CommandName>(
  bus: Bus,
  verb: Verb,
  request: CommandRequest<Verb>,
  timeout = answerTimeout,
): Promise<CommandReply<Verb>> {
  const reply = await bus.request(commandSubject(verb), request, { timeout });
  return commands[verb].reply.parse(reply) as CommandReply<Verb>;
}

/** Asks with an agent's key. */
export async function query<Verb extends QueryName>(
  bus: Bus,
  agent: string,
  verb: Verb,
  request: QueryRequest<Verb>,
): Promise<QueryReply<Verb>> {
  const reply = await bus.request(querySubject(agent, verb), request, { timeout: answerTimeout });
  return queries[verb].reply.parse(reply) as QueryReply<Verb>;
}

/**
 * Reports with an agent's key; resolves when what was reported is on record. May be repeated: what is on record already is
 * answered alike.
 */
export async function report<Verb extends ReportName>(
  bus: Bus,
  agent: string,
  verb: Verb,
  request: ReportRequest<Verb>,
  timeout = reportTimeout,
): Promise<void> {
  await bus.request(reportSubject(agent, verb), request, { timeout });
}
