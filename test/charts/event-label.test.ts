/** What events are called where people read them. */
import { expect, test } from 'vitest';
import { eventLabel } from '../../src/charts/event-label.ts';

test.each([
  ['', 'always'],
  ['*', 'any event'],
  ['work.begun', 'work.begun'],
  ['xstate.init', 'start'],
  ['xstate.stop', 'stop'],
  ['xstate.after.tick.scheduler.scheduling.resting', 'after tick'],
  ['xstate.after.500.m', 'after 500 ms'],
  ['xstate.done.actor.kill.a/b', 'done: kill.a/b'],
  ['xstate.error.actor.child', 'error: child'],
  ['xstate.snapshot.child', 'snapshot: child'],
  ['xstate.done.state.agent.working', 'done'],
])('%s is %s', (type, label) => {
  expect(eventLabel(type)).toBe(label);
});
