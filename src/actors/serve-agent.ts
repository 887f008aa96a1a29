/** What is served over the bus for one agent: its reports and questions, and the commands that are given to it. */
import type { AgentPlace } from '../agents/agent-place.ts';
import { FloodGate } from '../agents/flood-gate.ts';
import type { Report } from '../agents/report-desk.ts';
import type { Bus } from '../bus/bus.ts';
import {
  type QueryName,
  type QueryReply,
  queries,
  querySubject,
  type ReportName,
  reportSubject,
  reports,
} from '../events/commands.ts';
import { agentViews } from './agent-views.ts';
import { holdsTask } from './holds-task.ts';
import { readInboxPage } from './inbox-page.ts';
import type { World } from './world.ts';

/** Commands to one agent, at `orchestra.agent.<name>.cmd.<verb>`; only the daemon's and the operator's keys may send them. */
export type AgentCommand = 'nudge' | 'interrupt' | 'restart';

export const agentCommandSubject = (agent: string, verb: AgentCommand): string =>
  `orchestra.agent.${agent}.cmd.${verb}`;

/** How an assignment ends is always heard; said again while it is being recorded, it is nothing new. */
const endings: ReadonlySet<ReportName> = new Set(['done', 'fail', 'block']);

/** Serves until the returned function is called. */
export function serveAgent(world: World, place: AgentPlace, bus: Bus): () => void {
  const stops: (() => void)[] = [];

  const gate = new FloodGate({
    onFlooding: (refused) => world.tell('agent.flooding', place.name, { refused }),
  });
  for (const verb of Object.keys(reports) as ReportName[]) {
    stops.push(
      bus.serve(reportSubject(place.name, verb), async (body) => {
        if (!endings.has(verb) || place.desk.outcome) gate.pass();
        const report = reports[verb].request.parse(body);
        if (!isOnRecord(world, place, report)) await place.desk.take(verb, report);
        return {};
      }),
    );
  }
  const answers: { [Verb in QueryName]: (body: unknown) => Promise<QueryReply<Verb>> } = {
    assignment: async () => ({ assignment: place.desk.assignment ?? null }),
    inbox: async (body) => readInboxPage(bus, place.name, queries.inbox.request.parse(body)),
    colleagues: async () => agentViews(world),
    holds: async (body) => holdsTask(world, place.name, queries.holds.request.parse(body)),
  };
  for (const verb of Object.keys(queries) as QueryName[]) {
    stops.push(
      bus.serve(querySubject(place.name, verb), async (body) => {
        gate.pass();
        return answers[verb](body);
      }),
    );
  }
  stops.push(...serveCommands(world, place, bus));
  stops.push(listenToReports(world, place));
  return () => {
    for (const stop of stops.splice(0)) stop();
  };
}

/** A report that was recorded although its answer was lost, perhaps with the daemon that owed it, is answered alike. */
function isOnRecord({ ports }: World, { name, desk }: AgentPlace, { task, token }: Report): boolean {
  if (task === undefined || token === undefined) return false;
  // Tokens are counted by each task for itself.
  if (desk.assignment?.task === task && desk.assignment.token === token) return false;
  const results = ports.tasks.peek()?.get(task)?.history ?? [];
  return results.some(
    (result) => result.agent === name && result.token === token && result.outcome !== 'released',
  );
}

function serveCommands(world: World, place: AgentPlace, bus: Bus) {
  const task = () => {
    const held = place.desk.assignment?.task;
    return held === undefined ? {} : { task: held };
  };
  const carryOut: Record<AgentCommand, (by: string) => Promise<void>> = {
    async nudge() {
      await place.conversation.get().nudge();
      world.tell('agent.nudged', place.name, task());
    },
    async interrupt(by) {
      await place.conversation.get().interrupt();
      world.tell('agent.interrupted', place.name, { by });
    },
    async restart(by) {
      world.tell('agent.restarted', place.name, { by });
      place.lastEnd = `it was restarted by ${by}`;
      // Not awaited: what answers here is restarted with the agent.
      world.restartAgent(place.name).catch((error: Error) => {
        world.log.warn({ agent: place.name, err: error }, 'agent.restart.failed');
      });
    },
  };
  return (Object.keys(carryOut) as AgentCommand[]).map((verb) =>
    bus.serve(agentCommandSubject(place.name, verb), async (body) => {
      await carryOut[verb](senderOf(body));
      return {};
    }),
  );
}

const senderOf = (body: unknown): string =>
  typeof body === 'object' && body !== null && 'by' in body && typeof body.by === 'string'
    ? body.by
    : 'operator';

/** What the agent says goes on record and beside its name. */
function listenToReports(world: World, place: AgentPlace): () => void {
  const heard = (verb: ReportName, report: { text?: string | undefined }) => {
    if (verb !== 'say' || report.text === undefined) return;
    const task = place.desk.assignment?.task;
    world.tell('agent.said', place.name, { text: report.text, ...(task === undefined ? {} : { task }) });
    world.ports.presence.peek()?.set(place.name, { doing: report.text.slice(0, 200) });
  };
  place.desk.on('heard', heard);
  return () => place.desk.off('heard', heard);
}
