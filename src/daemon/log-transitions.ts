/** The one inspector that logs every transition of every machine; machines themselves do not log. */
import { isDeepStrictEqual } from 'node:util';
import type { InspectionEvent } from 'xstate';
import type { Log } from '../log/log.ts';

/** An inspector for `createActor`; costs next to nothing unless the level is `debug` or lower. */
export function logTransitions(log: Log): (event: InspectionEvent) => void {
  const values = new WeakMap<object, unknown>();
  return (event) => {
    if (event.type !== '@xstate.snapshot' || !log.isLevelEnabled('debug')) return;
    if (!('value' in event.snapshot)) return;
    const { value } = event.snapshot;
    if (isDeepStrictEqual(values.get(event.actorRef), value)) return;
    values.set(event.actorRef, value);
    log.debug({ actor: event.actorRef.sessionId, cause: event.event.type, value }, 'transition');
  };
}
