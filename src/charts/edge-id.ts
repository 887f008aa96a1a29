/** How a transition of a chart is named, so that a drawing, a recording and a running actor mean the same one. */
import type { AnyTransitionDefinition } from 'xstate';

/**
 * `<id of the source state>|<event type as XState names it, '' for always>|<index among those of that event>`.
 * The same for every copy of a machine, with whatever implementations it was provided.
 */
export function edgeId(source: string, eventType: string, index: number): string {
  return `${source}|${eventType}|${index}`;
}

/**
 * The id of a transition as it is taken (`_transitions` of an `@xstate.microstep`); undefined for one that stands in no
 * chart, such as the entering of the initial states. A transition knows the state node of its own machine, whose list
 * holds that very object.
 */
export function edgeIdOf(transition: AnyTransitionDefinition): string | undefined {
  const { source, eventType } = transition;
  const ofEvent = eventType === '' ? source.always : source.transitions.get(eventType);
  const index = ofEvent?.indexOf(transition) ?? -1;
  return index === -1 ? undefined : edgeId(source.id, eventType, index);
}
