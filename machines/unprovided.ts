/** Placeholders for what a machine needs from the world; `src/actors` provides the real ones. */
import {
  type CallbackActorLogic,
  type EventObject,
  fromCallback,
  fromPromise,
  type PromiseActorLogic,
} from 'xstate';

/** A promise actor that has to be provided; started as it is, it fails and names itself. */
export function unprovidedPromise<Output, Input extends object>(
  name: string,
): PromiseActorLogic<Output, Input> {
  return fromPromise<Output, Input>(() => Promise.reject(new Error(`the actor "${name}" was not provided`)));
}

/** A callback actor that has to be provided; started as it is, it fails and names itself. */
export function unprovidedCallback<Received extends EventObject, Input extends object>(
  name: string,
): CallbackActorLogic<Received, Input> {
  return fromCallback<Received, Input>(() => {
    throw new Error(`the actor "${name}" was not provided`);
  });
}
