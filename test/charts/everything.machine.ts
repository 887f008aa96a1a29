/** A machine with one of everything a chart shows; it does nothing of use. */
import { fromPromise, setup } from 'xstate';

export const everythingMachine = setup({
  actors: { work: fromPromise(async () => 'done') },
  actions: { greet: () => undefined, leave: () => undefined },
  guards: { isOpen: () => true, isAbove: (_, { limit }: { limit: number }) => limit > 0 },
  delays: { patience: 1_000 },
}).createMachine({
  id: 'everything',
  description: 'One of everything.',
  initial: 'simple',
  on: { reset: '.simple', ping: { actions: { type: 'greet', params: { tone: 'warm', times: 2 } } } },
  states: {
    simple: {
      tags: ['calm'],
      entry: 'greet',
      exit: ['leave', 'greet'],
      on: {
        next: [
          { guard: { type: 'isAbove', params: { limit: 3 } }, target: 'outer', description: 'Only above.' },
          { guard: 'isOpen', target: 'both', actions: ['greet', 'leave'] },
        ],
        again: { target: 'simple', reenter: true },
      },
      after: { patience: 'outer', 50: 'both' },
    },
    outer: {
      initial: 'first',
      invoke: { id: 'job', src: 'work', onDone: 'both', onError: { actions: 'leave' } },
      onDone: 'both',
      on: { inward: '.last' },
      states: {
        first: { always: { guard: 'isOpen', target: 'last' }, on: { reset: {} } },
        last: { type: 'final' },
        memory: { type: 'history', history: 'deep' },
      },
    },
    both: {
      type: 'parallel',
      on: { back: 'outer.memory' },
      states: {
        left: {},
        right: { initial: 'up', states: { up: { on: { flip: 'down' } }, down: { on: { flip: 'up' } } } },
      },
    },
  },
});
