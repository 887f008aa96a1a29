/** What is known of the living machines, folded from the daemon's inspection events. Pure: a state and events give a state. */
import { isSameState } from '../../inspection/state-value.ts';
import type { WireEvent } from '../../inspection/wire-event.ts';
import type { StageActor, StageActors } from './stage-actor.ts';

export interface LiveState {
  /** The machines that live, by session id, in the order of their start. */
  readonly lives: ReadonlyMap<string, StageActor>;
  /** The last state of machines that ended, until another one lives on their path. */
  readonly ended: StageActors;
  /** Counts the transitions, so that each is a new turn; routine ones are none. */
  readonly turns: number;
}

export const nothingLive: LiveState = { lives: new Map(), ended: new Map(), turns: 0 };

/** Ended machines that are remembered: more than any orchestra has children. */
const mostEnded = 300;

/** The state after the events, the same object when none of them tells a machine's state. */
export function foldLive(state: LiveState, messages: readonly WireEvent[]): LiveState {
  const telling = messages.filter((message) => isShown(message) && message.type !== '@xstate.event');
  if (telling.length === 0) return state;
  const lives = new Map(state.lives);
  const ended = new Map(state.ended);
  let turns = state.turns;
  for (const { type, sessionId, orchestra, ...message } of telling) {
    if (!('snapshot' in message)) continue;
    const { value = null, status, context } = message.snapshot;
    const { path, machine, edges = [], routine = false } = orchestra;
    const known = lives.get(sessionId);
    const hasMoved =
      !routine && (edges.length > 0 || (known !== undefined && !isSameState(known.value, value)));
    if (hasMoved) turns += 1;
    const actor: StageActor = {
      path,
      machine,
      value,
      status,
      context,
      edges: hasMoved ? edges : (known?.edges ?? []),
      turn: hasMoved ? turns : (known?.turn ?? 0),
    };
    if (status === 'active') {
      lives.set(sessionId, actor);
      ended.delete(path);
    } else {
      lives.delete(sessionId);
      ended.set(path, actor);
    }
  }
  for (const path of [...ended.keys()].slice(0, Math.max(0, ended.size - mostEnded))) ended.delete(path);
  return { lives, ended, turns };
}

/** The machines by path: the living ones, of several on one path the youngest, and where none lives, the last one. */
export function actorsByPath({ lives, ended }: LiveState): StageActors {
  return new Map([...ended, ...[...lives.values()].map((actor) => [actor.path, actor] as const)]);
}

/** Whether the page shows this actor: a machine, but not the frame around a supervised child, which tells nothing more. */
export function isShown({ orchestra: { machine } }: WireEvent): boolean {
  return machine !== '' && machine !== 'incarnation';
}
