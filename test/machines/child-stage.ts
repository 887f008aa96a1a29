/** One supervised machine on a stage: a parent that notes what it says, virtual time, and actors that a test plays itself. */
import { type AnyActorRef, type AnyStateMachine, createActor, fromCallback, fromPromise, setup, type EventObject } from 'xstate';
import { onTestFinished } from 'vitest';
import { VirtualClock } from '../../src/supervision/virtual-clock.ts';

/** How the machine ended, if it did. */
export type End = { type: 'done'; output: unknown } | { type: 'crashed'; error: unknown } | undefined;

export interface ChildStage {
  readonly clock: VirtualClock;
  /** What the machine said to its parent, its end excepted. */
  readonly said: readonly EventObject[];
  readonly end: End;
  /** The state it is in, or was in when it ended. */
  readonly state: unknown;
  readonly child: AnyActorRef;
  send(event: EventObject): Promise<void>;
  /** Lets everything that was set off run to its end; no time passes. */
  settle(): Promise<void>;
}

/** Starts a machine as somebody's child. */
export async function stageChild(machine: AnyStateMachine, input: object): Promise<ChildStage> {
  const clock = new VirtualClock();
  const said: EventObject[] = [];
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
  const actor = createActor(parent, { clock });
  let child: AnyActorRef | undefined;
  actor.system.inspect({
    next: ({ actorRef, type }) => {
      if (type === '@xstate.actor' && actorRef.id === 'child') child ??= actorRef;
    },
  });
  actor.start();
  onTestFinished(() => void actor.stop());
  const known = child ?? actor.getSnapshot().children['child'];
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
    child: known,
    async send(event) {
      known.send(event);
      await settle();
    },
    settle,
  };
}

/** One call of a promise actor that the test settles. */
interface Call<Output> {
  readonly input: unknown;
  readonly signal: AbortSignal;
  resolve(value: Output): void;
  reject(error: Error): void;
}

/** A promise actor that waits for the test. */
export function promised<Output = void>() {
  const calls: Call<Output>[] = [];
  const logic = fromPromise<Output, NonNullable<unknown>>(
    ({ input, signal }) =>
      new Promise((resolve, reject) => {
        calls.push({ input, signal, resolve, reject });
      }),
  );
  const latest = (): Call<Output> => {
    const call = calls.at(-1);
    if (!call) throw new Error('it was not called yet');
    return call;
  };
  return { calls, logic, latest };
}

/** One life of a callback actor that the test plays. */
interface Life {
  readonly input: unknown;
  readonly received: EventObject[];
  stopped: boolean;
  sendBack(event: EventObject): void;
}

/** A callback actor that the test plays. */
export function called<Received extends EventObject = EventObject>() {
  const lives: Life[] = [];
  const logic = fromCallback<Received, NonNullable<unknown>>(({ input, sendBack, receive }) => {
    const life: Life = { input, received: [], stopped: false, sendBack };
    lives.push(life);
    receive((event) => life.received.push(event));
    return () => {
      life.stopped = true;
    };
  });
  const latest = (): Life => {
    const life = lives.at(-1);
    if (!life) throw new Error('it was not started yet');
    return life;
  };
  return { lives, logic, latest };
}

/** A callback actor that fails when it is started. */
export const failing = (message: string) =>
  fromCallback<EventObject, NonNullable<unknown>>(() => {
    throw new Error(message);
  });
