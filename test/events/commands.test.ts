/** The tables of commands, queries and reports: complete, and on subjects that are nobody else's. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readInboxSubject } from '../../src/bus/inbox-subject.ts';
import { orchestraStreams } from '../../src/bus/stream-definitions.ts';
import { Name } from '../../src/config/name.ts';
import {
  commandSubject,
  commands,
  inboxSubject,
  queries,
  querySubject,
  reportSubject,
  reports,
} from '../../src/events/commands.ts';
import { factSubjects } from '../../src/events/facts.ts';
import { name, taskId } from '../../src/events/fields.ts';
import { IssueId } from '../../src/tracker/tracker.ts';

const keysOf = <Table extends object>(table: Table) => Object.keys(table) as (keyof Table & string)[];
const all = Object.entries({ ...commands, ...queries, ...reports });

test.each(all)(
  '%s has a sentence, and both shapes can be written down',
  (_verb, { sentence, request, reply }) => {
    expect(sentence).toMatch(/^[A-Z].*\.$/);
    for (const shape of [request, reply]) expect(() => z.toJSONSchema(shape, { io: 'input' })).not.toThrow();
  },
);

/** Whether a message could match both; `*` is any token, as in NATS. */
function overlap(first: string, second: string): boolean {
  const [a, b] = [first.split('.'), second.split('.')];
  return (
    a.length === b.length &&
    a.every((token, index) => token === '*' || b[index] === '*' || token === b[index])
  );
}

describe('subjects', () => {
  const kinds = {
    facts: factSubjects(),
    commands: keysOf(commands).map(commandSubject),
    queries: keysOf(queries).map((verb) => querySubject('*', verb)),
    reports: keysOf(reports).map((verb) => reportSubject('*', verb)),
    agentCommands: ['nudge', 'interrupt', 'restart'].map((verb) => `orchestra.agent.*.cmd.${verb}`),
    inboxes: [inboxSubject('*'), inboxSubject('*', '*')],
  };
  const labelled = Object.entries(kinds).flatMap(([kind, subjects]) =>
    subjects.map((subject) => ({ kind, subject })),
  );

  test('none means two things', () => {
    const twice = labelled.flatMap((one, index) =>
      labelled
        .slice(index + 1)
        .flatMap((other) =>
          overlap(one.subject, other.subject)
            ? [`${one.kind} ${one.subject} = ${other.kind} ${other.subject}`]
            : [],
        ),
    );
    expect(twice).toEqual([]);
  });

  test('each stream stores its own and nobody asks or reports into one', () => {
    const streams = orchestraStreams({ eventSubjects: kinds.facts });
    const storing = (subject: string) =>
      streams
        .filter(({ subjects }) => subjects.some((one) => overlap(one, subject)))
        .map((stream) => stream.name);
    for (const { kind, subject } of labelled) {
      const expected = { facts: ['ORCH_EVENTS'], inboxes: ['ORCH_INBOX'] }[kind] ?? [];
      expect(storing(subject), subject).toEqual(expected);
    }
  });

  test('the check sees an overlap', () => {
    expect(overlap('a.*.c', 'a.b.*')).toBe(true);
    expect(overlap('a.*', 'a.b.c')).toBe(false);
  });

  test('an inbox subject is read as it was written', () => {
    expect(readInboxSubject(inboxSubject('kaede'))).toEqual({ to: 'kaede', from: 'operator' });
    expect(readInboxSubject(inboxSubject('kaede', 'sakura'))).toEqual({ to: 'kaede', from: 'sakura' });
  });
});

describe('names', () => {
  test.each(['7', 'a_b-C', 'x'.repeat(64), 'x'.repeat(100)])(
    '%j is an issue and so may be asked for',
    (id) => {
      expect([IssueId.safeParse(id).success, taskId.safeParse(id).success]).toEqual([true, true]);
    },
  );

  test.each(['', 'a.b', 'a b', '*', '>', 'カエデ', 'x'.repeat(101), '../x'])('%j is no task', (id) => {
    expect([IssueId.safeParse(id).success, taskId.safeParse(id).success]).toEqual([false, false]);
  });

  test('whoever may be configured may be asked for', () => {
    for (const agent of ['kaede', 'a', 'a-1', 'x'.repeat(32)])
      expect([Name.safeParse(agent).success, name.safeParse(agent).success]).toEqual([true, true]);
    for (const agent of ['', 'A', 'a.b', 'x'.repeat(33)])
      expect([Name.safeParse(agent).success, name.safeParse(agent).success]).toEqual([false, false]);
  });

  test('a report without a note has an empty one', () => {
    expect(reports.done.request.parse({})).toEqual({ note: '' });
  });
});
