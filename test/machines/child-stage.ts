/** One supervised machine on a stage: a parent that notes what it says, virtual time, and actors that a test plays itself. */

import { onTestFinished } from 'vitest';
import {
  type ActorRefLike,
  type AnyEventObject,
  type AnyStateMachine,
  createActor,
  type EventObject,
  fromCallback,
  fromPromise,
  setup,
} from 'xstate';
import { VirtualClock } from '../../src/supervision/virtual-clock.ts';

/** How the machine ended, if it did. */
export type End = { type: 'done'; output: unknown } | { type: 'crashed'; error: unknown } | undefined;

export interface ChildStage {
  readonly clock: VirtualClock;
  /** What the machine said to its parent; its end stands beside. */
  readonly said: readonly AnyEventObject[];
  readonly end: End;
  /** The state it is in, or was in when it ended. */
  readonly state: unknown;
  send(event: AnyEventObject): Promise<void>;
  /** Lets everything that was set off run to its end; no time passes. */
  settle(): Promise<void>;
}

/** Starts a machine as somebody's child. */
export async function stageChild(machine: AnyStateMachine, input: object): Promise<ChildStage> {
  const clock = new VirtualClock();
  const said: AnyEventObject[] = [];
  let end: End;
  const parent = setup({ types: { events: {} as EventObject }, actors: { child: machine } }).createMachine({
    id: 'parent',
    invoke: { id: 'child', src: 'child', input },
    on: {
      'xstate.done.actor.child': {
        actions: ({ event }) => {
          end = { type: 'done', output: 'output' in event ? event.output : undefined };
        },
      },
      'xstate.error.actor.child': {
        actions: ({ event }) => {
          end = { type: 'crashed', error: 'error' in event ? event.error : undefined };
        },
      },
      '*': { actions: ({ event }) => void said.push(event) },
    },
  });
  let child: ActorRefLike | undefined;
  const actor = createActor(parent, {
    clock,
    inspect({ type, actorRef, rootId }) {
      if (type === '@xstate.actor' && actorRef.sessionId !== rootId) child ??= actorRef;
    },
  });
  actor.start();
  onTestFinished(() => void actor.stop());
  const known = child;
  if (!known) throw new Error('the machine was not started');
  const settle = () => clock.advance(0);
  await settle();
  return {
    clock,
    said,
    get end() {
      return end;
    },
    get state() {
      return known.getSnapshot().value;
    },
    async send(event) {
      known.send(event);
      await settle();
    },
    settle,
  };
}

/** One call of a promise actor that the test settles. */
interface Call<Input, Output> {
  readonly input: Input;
  readonly signal: AbortSignal;
  resolve(value: Output): void;
  reject(error: Error): void;
}

/** A promise actor that waits for the test. */
export function promised<Input extends object, Output = void>() {
  const calls: Call<Input, Output>[] = [];
  const logic = fromPromise<Output, Input>(
    ({ input, signal }) =>
      new Promise((resolve, reject) => {
        calls.push({ input, signal, resolve, reject });
      }),
  );
  const latest = (): Call<Input, Output> => {
    const call = calls.at(-1);
    if (!call) throw new Error('it was not called yet');
    return call;
  };
  return { calls, logic, latest };
}

/** One life of a callback actor that the test plays. */
interface Life {
  readonly received: AnyEventObject[];
  stopped: boolean;
  sendBack(event: AnyEventObject): void;
}

/** A callback actor that the test plays. */
export function called<Received extends EventObject, Input extends object>() {
  const lives: Life[] = [];
  /** Says these things while it is being started. */
  const eager = (...events: AnyEventObject[]) =>
    fromCallback<Received, Input>(({ sendBack, receive }) => {
      const life: Life = { received: [], stopped: false, sendBack };
      lives.push(life);
      receive((event) => life.received.push(event));
      for (const event of events) sendBack(event);
      return () => {
        life.stopped = true;
      };
    });
  const logic = eager();
  const latest = (): Life => {
    const life = lives.at(-1);
    if (!life) throw new Error('it was not started yet');
    return life;
  };
  return { lives, logic, eager, latest };
}

/** A callback actor that fails when it is started. */
export const failing = <Received extends EventObject, Input extends object>(message: string) =>
  fromCallback<Received, Input>(() => {
    throw new Error(message);
  });
