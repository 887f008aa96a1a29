/** The table of facts: complete, and each fact comes back from its subject as it was told. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { createFactPublisher } from '../../src/events/fact-publisher.ts';
import {
  type FactName,
  FactStamp,
  factSubject,
  factSubjects,
  facts,
  readFact,
} from '../../src/events/facts.ts';
import { bodyOf } from './fact-bodies.ts';

const names = Object.keys(facts) as FactName[];
const about = fc.stringMatching(/^[a-z0-9-]{1,32}$/);
const stamp = { at: '2025-06-01T12:00:00.000Z', node: 'local' };

describe.each(names)('%s', (name) => {
  test('has a name of its form, a sentence and a schema', () => {
    expect(name).toMatch(/^(agent|task|node)(\.[a-z-]+){1,2}$/);
    expect(facts[name].sentence).toMatch(/^[A-Z].*\.$/);
    expect(
      Object.keys(FactStamp.shape).filter((key) => key in facts[name].body.shape),
      'would be overwritten',
    ).toEqual([]);
  });

  test('comes back as it was told, from a subject that the stream stores', () => {
    fc.assert(
      fc.property(about, bodyOf(name), (who, body) => {
        const told: { subject: string; body: object }[] = [];
        const tell = createFactPublisher({
          node: 'local',
          enqueue: (subject, sent) => told.push({ subject, body: sent }),
          heard: () => undefined,
        });
        tell(name, who, body as never);
        const [sent] = told;
        const { at, node, ...rest } =
          readFact(sent?.subject ?? '', JSON.parse(JSON.stringify(sent?.body))) ?? {};
        expect(rest).toEqual({ name, about: who, body });
        expect({ at: Date.parse(at ?? ''), node }).toEqual({ at: expect.any(Number), node: 'local' });
        expect(factSubjects()).toContain(sent?.subject.replace(`.${who}.`, '.*.'));
      }),
      { numRuns: 20 },
    );
  });
});

test('a subject is made of scope, subject and the rest of the name', () => {
  expect(factSubject('agent.pane.opened', 'kaede')).toBe('orchestra.agent.kaede.pane.opened');
  expect(factSubject('task.claimed', '12')).toBe('orchestra.task.12.claimed');
});

test.each([
  ['orchestra.agent.kaede.inbox', {}],
  ['orchestra.agent.kaede', {}],
  ['orchestra.agent', {}],
  ['orchestra.cmd.status', {}],
  ['other.task.1.closed', stamp],
  ['orchestra.task.1.constructor', stamp],
  ['orchestra.task.1.closed.more', stamp],
  ['orchestra.task.1.closed', {}],
  ['orchestra.task.1.closed', 'text'],
  ['orchestra.task.1.closed', null],
  ['orchestra.task.1.advanced', stamp],
  ['', stamp],
])('%j with %j is no fact', (subject, body) => {
  expect(readFact(subject, body)).toBeUndefined();
});

test('whatever arrives, reading does not throw', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.jsonValue(),
      (name, body) => void readFact(factSubject(name, 'x'), body),
    ),
  );
});

test('the log hears what the bus gets, in the same order', () => {
  const heard: unknown[] = [];
  const tell = createFactPublisher({
    node: 'local',
    enqueue: (subject, body) => heard.push(['bus', subject, body]),
    heard: (name, who, body) => heard.push(['log', name, who, body]),
  });
  tell('task.advanced', '7', { stage: 'review' });
  expect(heard).toEqual([
    ['log', 'task.advanced', '7', { stage: 'review' }],
    ['bus', 'orchestra.task.7.advanced', { at: expect.any(String), node: 'local', stage: 'review' }],
  ]);
});

test('a text that is too long is cut, once', () => {
  const { text } = facts['agent.said'].body.parse({ text: 'あ'.repeat(9_000) });
  expect(text).toHaveLength(8_192);
  expect(text.endsWith('…')).toBe(true);
  expect(facts['agent.said'].body.parse({ text }).text).toBe(text);
});

test('a body of the wrong shape is not told', () => {
  const tell = createFactPublisher({
    node: 'local',
    enqueue: () => expect.unreachable(),
    heard: () => expect.unreachable(),
  });
  const wrong: z.input<(typeof facts)['task.claimed']['body']> = {
    agent: 'kaede',
    stage: 'pr',
    token: 1.5,
    attempt: 1,
  };
  expect(() => tell('task.claimed', '7', wrong)).toThrow();
});
