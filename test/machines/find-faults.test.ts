/** The check of the machines sees each fault it is there for. */
import { describe, expect, test } from 'vitest';
import { type AnyStateMachine, and, createMachine, fromPromise } from 'xstate';
import { findFaults } from './find-faults.ts';

const description = 'A state.';

const implementations = {
  actors: { work: fromPromise(async () => undefined) },
  actions: { greet: () => undefined },
  guards: { isReady: () => true },
  delays: { patience: 100 },
};

/** A machine without fault, to which each case adds one. */
const config = {
  id: 'sound',
  description,
  context: () => ({ count: 0 }),
  initial: 'one',
  states: {
    one: {
      description,
      entry: { type: 'greet', params: { tone: 'warm' } },
      invoke: { id: 'work', src: 'work', input: () => ({}), onDone: 'two' },
      after: { patience: 'two' },
      on: { go: { guard: 'isReady', target: 'two', actions: 'greet' } },
    },
    two: { description, type: 'final' },
  },
  output: () => 0,
} as const;

test('a sound machine has none', () => {
  expect(findFaults(createMachine(config).provide(implementations))).toEqual([]);
});

type AnyConfig = AnyStateMachine['config'];

/** The config with other contents of its first state. */
function withState(state: AnyConfig): AnyConfig {
  return { ...config, states: { ...config.states, one: { description, ...state } } };
}

const { id: _, ...withoutId } = config;
const { description: __, ...withoutDescription } = config;

describe.each<[fault: string, config: AnyConfig]>([
  ['the machine has no id', withoutId],
  ['context: one object for all lives', { ...config, context: { count: 0 } }],
  ['sound: no description', withoutDescription],
  ['sound.one: no description', withState({ description: ' ' })],
  ['first: an id that is not its path', withState({ id: 'first' })],
  ['sound.one: invoke work has no id', withState({ invoke: { src: 'work' } })],
  [
    'invoke work: not unique',
    withState({
      invoke: [
        { id: 'work', src: 'work' },
        { id: 'work', src: 'work' },
      ],
    }),
  ],
  ['sound.one: go has several targets', withState({ on: { go: { target: ['two', '#sound.one'] } } })],
  ['sound.one: takes any event', withState({ on: { '*': 'two' } })],
  ['sound.one: the delay 500 has no name', withState({ after: { 500: 'two' } })],
  ['states.one.entry: a function, not a name', withState({ entry: () => undefined })],
  ['states.one.exit.1: a function, not a name', withState({ exit: ['greet', () => undefined] })],
  ['states.one.on.go.guard: a function, not a name', withState({ on: { go: { guard: and(['isReady']) } } })],
  [
    'states.one.entry.params: a function, not a name',
    withState({ entry: { type: 'greet', params: () => ({}) } }),
  ],
  [
    'states.one.on.output.actions: a function, not a name',
    withState({ on: { output: { actions: () => undefined } } }),
  ],
  [
    'states.one.invoke.src.transition: a function, not a name',
    withState({ invoke: { id: 'w', src: fromPromise(async () => 1) } }),
  ],
  ['states.one.meta.since: Date, not data', withState({ meta: { since: new Date(0) } })],
  ['states.one.meta.limit: Infinity, not data', withState({ meta: { limit: Number.POSITIVE_INFINITY } })],
  ['states.one.meta.limit: 1, not data', withState({ meta: { limit: 1n } })],
  ['sound.one: no action wave', withState({ exit: 'wave' })],
  ['sound.one: no guard isOpen', withState({ on: { go: { guard: 'isOpen', target: 'two' } } })],
  ['sound.one: no actor rest', withState({ invoke: { id: 'rest', src: 'rest' } })],
  ['sound.one: no delay tick', withState({ after: { tick: 'two' } })],
  [
    /^the definition has \d+ bytes, not less than 65536$/.source,
    withState({ description: 'x'.repeat(2 ** 16) }),
  ],
])('%s', (fault, bad) => {
  test('is seen', () => {
    const machine = createMachine(bad).provide(implementations);
    expect(findFaults(machine)).toContainEqual(fault.startsWith('^') ? expect.stringMatching(fault) : fault);
  });
});
