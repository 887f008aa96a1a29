/** From an actor and what it does to the messages that viewers are sent. */
import { type AnyActorRef, type AnyEventObject, isMachineSnapshot, type Snapshot } from 'xstate';
import { contextView } from './context-view.ts';
import { definitionOf } from './definition.ts';
import type { LiveActor } from './live-actor.ts';
import { safeCopy } from './safe-copy.ts';
import {
  type ActorMessage,
  type EventMessage,
  type SafeData,
  type SnapshotMessage,
  type WireSnapshot,
  wireVersion,
} from './wire-event.ts';

/** That an actor has started, and how. `at` is in milliseconds since the epoch. */
export function actorMessage(actor: LiveActor, snapshot: Snapshot<unknown>, at: number): ActorMessage {
  const { name, ref, parent } = actor;
  return {
    type: '@xstate.actor',
    ...stamp(actor, at),
    name,
    ...(parent && { parentId: parent.life }),
    definition: definitionOf(ref.logic, name),
    snapshot: wireSnapshot(snapshot),
  };
}

/** That an event was sent to it. `source` is the session id of the sender, if an actor sent it. */
export function eventMessage(
  actor: LiveActor,
  event: AnyEventObject,
  source: string | undefined,
  at: number,
): EventMessage {
  const from = source === undefined ? {} : { sourceId: source };
  return { type: '@xstate.event', ...stamp(actor, at), event: wireEvent(event), ...from };
}

/** Where it stands after `event`, and the edges that led there. */
export function snapshotMessage(
  actor: LiveActor,
  snapshot: Snapshot<unknown>,
  { event, edges, routine }: { event: AnyEventObject; edges: Iterable<string>; routine?: true },
  at: number,
): SnapshotMessage {
  const { orchestra, ...stamped } = stamp(actor, at);
  return {
    type: '@xstate.snapshot',
    ...stamped,
    orchestra: { ...orchestra, edges: [...edges], ...(routine && { routine }) },
    event: wireEvent(event),
    snapshot: wireSnapshot(snapshot),
  };
}

function stamp({ root, life, path, machine }: LiveActor, at: number) {
  return {
    _version: wireVersion,
    createdAt: String(at),
    id: null,
    rootId: root,
    sessionId: life,
    orchestra: { path, machine },
  };
}

function wireEvent({ type, ...rest }: AnyEventObject): EventMessage['event'] {
  const copy = safeCopy(rest);
  const data = typeof copy === 'object' && copy !== null && !Array.isArray(copy) ? copy : {};
  return { ...data, type };
}

function wireSnapshot(snapshot: Snapshot<unknown>): WireSnapshot {
  const { status, output, error } = snapshot;
  const end = { ...safe('output', output), ...safe('error', error) };
  if (!isMachineSnapshot(snapshot)) {
    return { status, ...safe('input', 'input' in snapshot ? snapshot.input : undefined), ...end };
  }
  const { value, tags, children } = snapshot;
  return {
    status,
    value,
    ...safe('context', contextView(snapshot)),
    tags: [...tags],
    children: Object.fromEntries(childrenOf(children)),
    ...end,
  };
}

function childrenOf(children: Record<string, AnyActorRef | undefined>) {
  return Object.entries(children).flatMap(([id, child]): [string, { id: string; sessionId: string }][] =>
    child ? [[id, { id: child.id, sessionId: child.sessionId }]] : [],
  );
}

/** An entry, or none for what is not there. */
function safe<Name extends string>(name: Name, value: unknown): { [Key in Name]?: SafeData } {
  if (value === undefined) return {};
  const entry: { [Key in Name]?: SafeData } = {};
  entry[name] = safeCopy(value);
  return entry;
}
