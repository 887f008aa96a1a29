/** Taking over the pane that an earlier daemon has left of an agent, or refusing it; either is told. Nothing is typed. */
import type { OpenedPane } from '../../machines/pane.machine.ts';
import { fingerprintOf } from '../adoption/fingerprint.ts';
import { gatherEvidence } from '../adoption/gather-evidence.ts';
import { agentOption, judge } from '../adoption/judge.ts';
import type { SessionRecord } from '../adoption/session-record.ts';
import type { AgentPlace } from '../agents/agent-place.ts';
import type { Assignment } from '../events/commands.ts';
import { isPaneId, type PaneId } from '../tmux/pane-id.ts';
import type { Tmux } from '../tmux/tmux.ts';
import type { World } from './world.ts';

export interface AdoptedPane {
  pane: PaneId;
  opened: OpenedPane;
}

/**
 * Asked once in a daemon's life for each agent: from then on what is in the pane is this daemon's own, and its supervisor
 * starts it anew. Undefined when nothing was left, or when it could not be proven: then it has to be ended.
 */
export async function adoptPane(
  world: World,
  place: AgentPlace,
  signal: AbortSignal,
): Promise<AdoptedPane | undefined> {
  const tmux = place.tmux.get();
  const sessions = await world.ports.sessions.whenOpen(signal);
  const record = sessions.get(place.name);
  // Before the record is changed: what cannot be taken over may be resumed.
  place.programSession.recall();
  const pane = record?.pane ?? '';
  const isNothingLeft = place.adapter.program !== undefined && record?.run === null;
  if (record === undefined || !isPaneId(pane) || isNothingLeft) {
    place.isTaken = true;
    await refuseUnrecorded(world, place, tmux);
    return undefined;
  }
  const evidence = await gatherEvidence(record, place, {
    node: world.config.node,
    fingerprint: currentFingerprint(world, place),
    tmux,
    tasks: await world.ports.tasks.whenOpen(signal),
  });
  signal.throwIfAborted();
  place.isTaken = true;
  const verdict = judge(record, evidence);
  if (!verdict.proven) {
    world.tell('agent.adoption.refused', place.name, { reason: verdict.reason });
    return undefined;
  }
  takeOver(world, place, record, { pane, ...verdict });
  const run = place.adapter.program ? verdict.run : null;
  return { pane, opened: { pane, ...(run !== null && { run }) } };
}

/** What the agent's program would be started with now; see fingerprint.ts. */
export function currentFingerprint({ natsAccess, version }: World, { config, name }: AgentPlace): string {
  return fingerprintOf({
    config,
    natsUrl: natsAccess?.url ?? '',
    key: natsAccess?.seedFile(name) ?? '',
    version,
  });
}

interface Proven {
  pane: PaneId;
  run: string | null;
  assignment: Assignment | null;
}

function takeOver(
  { ports, tell }: World,
  place: AgentPlace,
  record: SessionRecord,
  { pane, run, assignment }: Proven,
): void {
  place.pane.fill(pane);
  if (run !== null) place.run.fill(run);
  if (record.process !== null) place.host.fill(record.process);
  // Before anybody serves its reports: the first may be waiting already.
  place.desk.adopt(assignment, { isReady: record.ready });
  place.adopted = { assignment };
  if (assignment === null) place.programSession.end();
  ports.sessions.peek()?.update(place.name, { run, ...(assignment === null && { assignment }) });
  const task = assignment?.task;
  ports.presence
    .peek()
    ?.set(
      place.name,
      task === undefined ? { availability: 'starting', pane } : { availability: 'working', task, pane },
    );
  tell('agent.adopted', place.name, {
    pane,
    ...(run !== null && { run }),
    ...(task !== undefined && { task }),
  });
}

/** A program in the agent's pane of which nobody has noted anything: an earlier daemon died too soon, or its store is gone. */
async function refuseUnrecorded(world: World, place: AgentPlace, tmux: Tmux): Promise<void> {
  const panes = await tmux.listPanes([agentOption]);
  const isLeft = panes.some(({ dead, options }) => !dead && options[agentOption] === place.name);
  if (isLeft) world.tell('agent.adoption.refused', place.name, { reason: 'nothing is on record of it' });
}
