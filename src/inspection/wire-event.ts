/**
 * What viewers are sent: the three messages of the Stately Inspector (@statelyai/inspect 0.7.2), each with one more key
 * that is ours. Plain data; the page reads it too.
 */
import type { StateValue } from './transition.ts';

/** The version of the protocol that is imitated; the inspector's receiver takes no message without one. */
export const wireVersion = '0.7.2';

/** Data made safe to send: JSON, secrets replaced, bounded in size. */
export type SafeData = string | number | boolean | null | SafeData[] | { [key: string]: SafeData };

/** The type of the event in the snapshot that each actor of a baseline has; it is nobody's event. */
export const baselineEvent = 'orchestra.baseline';

/** Ours; to be taken off before a message goes to the Stately Inspector. */
export interface WireOrigin {
  /** As in `Transition`. */
  path: string;
  /** The machine's id; empty for an actor that is no machine. */
  machine: string;
  /** Of a snapshot: the ids of the edges taken since the one before. */
  edges?: string[];
  /** Of a snapshot: the step that led to it is routine, as in `Transition`. */
  routine?: true;
}

export interface WireSnapshot {
  status: 'active' | 'done' | 'error' | 'stopped';
  value?: StateValue;
  context?: SafeData;
  tags?: string[];
  children?: { [id: string]: { id: string; sessionId: string } };
  input?: SafeData;
  output?: SafeData;
  error?: SafeData;
}

interface WireMessage {
  _version: string;
  /** Milliseconds since the epoch, as text. */
  createdAt: string;
  id: null;
  rootId: string;
  sessionId: string;
  orchestra: WireOrigin;
}

/** An actor has started, or is there when a baseline is sent. */
export interface ActorMessage extends WireMessage {
  type: '@xstate.actor';
  name: string;
  parentId?: string;
  /** The machine's config as JSON. */
  definition: string;
  snapshot: WireSnapshot;
}

/** An event was sent to the actor. */
export interface EventMessage extends WireMessage {
  type: '@xstate.event';
  event: { type: string } & { [key: string]: SafeData };
  sourceId?: string;
}

/** Where the actor stands after `event`. The last one of an actor has another status than `active`. */
export interface SnapshotMessage extends WireMessage {
  type: '@xstate.snapshot';
  event: { type: string } & { [key: string]: SafeData };
  snapshot: WireSnapshot;
}

export type WireEvent = ActorMessage | EventMessage | SnapshotMessage;

/** Someone who watches. Neither method throws, but if one does, the others are served. */
export interface Viewer {
  /** All that lives now, parents first: an actor message and a snapshot of each. Replaces what was sent before. */
  restart(baseline: readonly WireEvent[]): void;
  /** What has happened since, in order. */
  send(events: readonly WireEvent[]): void;
  /** Whether too much of what was sent still waits. It is then sent nothing until it has caught up, and restarted. */
  isSlow(): boolean;
}
