/** The desk that takes an agent's reports: whose they are, what they end, and what a repetition is worth. */
import { describe, expect, test } from 'vitest';
import { ReportDesk } from '../../src/agents/report-desk.ts';
import { sampleAssignment } from './sample-assignment.ts';

const assignment = sampleAssignment();
const mine = { task: '7', token: 3 };

function deskWith(held = assignment) {
  const desk = new ReportDesk();
  const heard: string[] = [];
  for (const event of ['ready', 'accepted'] as const) desk.on(event, () => heard.push(event));
  desk.on('ended', ({ outcome, note }) => heard.push(`ended ${outcome} ${note}`));
  desk.assign(held);
  return { desk, heard };
}

/** The codes with which these reports are refused; undefined for one that is taken. */
const refusals = (...reports: Promise<void>[]) =>
  Promise.all(
    reports.map((report) =>
      report.then(
        () => undefined,
        (error: { code?: string }) => error.code,
      ),
    ),
  );

test.each([
  ['done', 'done'],
  ['fail', 'failed'],
  ['block', 'blocked'],
] as const)('%s ends the assignment, and is answered once it is recorded', async (verb, outcome) => {
  const { desk, heard } = deskWith();
  const answered: string[] = [];
  const report = desk.take(verb, { ...mine, note: 'so it is' }).then(() => answered.push('yes'));
  expect(desk.outcome).toEqual({ outcome, note: 'so it is' });
  expect(heard).toEqual([`ended ${outcome} so it is`]);
  expect(answered).toEqual([]);
  desk.settle('recorded');
  await report;
  expect([desk.assignment, desk.outcome]).toEqual([undefined, undefined]);
});

test('a report without task and token means the present assignment', async () => {
  const { desk } = deskWith();
  const report = desk.take('done', {});
  expect(desk.outcome).toEqual({ outcome: 'done', note: '' });
  desk.settle('recorded');
  await report;
});

test('an assignment that was taken back refuses its report', async () => {
  const { desk } = deskWith();
  const report = desk.take('done', mine);
  desk.settle('abandoned');
  expect(await refusals(report)).toEqual(['stale-token']);
});

describe('repeated', () => {
  test('while the first is being recorded, each is answered and the first outcome counts', async () => {
    const { desk } = deskWith();
    const reports = [desk.take('done', mine), desk.take('fail', mine), desk.take('done', {})];
    expect(desk.outcome).toEqual({ outcome: 'done', note: '' });
    desk.settle('recorded');
    expect(await refusals(...reports)).toEqual([undefined, undefined, undefined]);
  });

  test('and all are refused when the assignment is taken back', async () => {
    const { desk } = deskWith();
    const reports = [desk.take('done', mine), desk.take('done', mine)];
    desk.settle('abandoned');
    expect(await refusals(...reports)).toEqual(['stale-token', 'stale-token']);
  });

  test('after it is recorded it is answered alike, and ends nothing again', async () => {
    const { desk, heard } = deskWith();
    const first = desk.take('done', mine);
    desk.settle('recorded');
    await first;
    desk.assign(sampleAssignment({ task: '8', token: 1 }));
    await desk.take('done', mine);
    await desk.take('accept', mine);
    expect(desk.assignment?.task).toBe('8');
    expect([desk.outcome, desk.isAccepted]).toEqual([undefined, false]);
    expect(heard).toHaveLength(1);
  });

  test('also when the next assignment, of another task, has a token of the same number', async () => {
    const { desk } = deskWith();
    const first = desk.take('done', mine);
    desk.settle('recorded');
    await first;
    desk.assign(sampleAssignment({ task: '8', token: mine.token }));
    await desk.take('done', mine);
    expect([desk.assignment?.task, desk.outcome]).toEqual(['8', undefined]);
  });

  test('without a token it is about the next assignment, or about none', async () => {
    const { desk } = deskWith();
    const first = desk.take('done', mine);
    desk.settle('recorded');
    await first;
    expect(await refusals(desk.take('done', {}))).toEqual(['no-assignment']);
  });
});

test('an end that is reported 20,000 times before it is recorded is one end', async () => {
  const desk = new ReportDesk();
  desk.assign(assignment);
  const reports = Array.from({ length: 20_000 }, () => desk.take('done', {}));
  desk.settle('recorded');
  await Promise.all(reports);
  expect(desk.outcome).toBeUndefined();
});

describe('refused', () => {
  test('a stale token, another task, and everything without an assignment', async () => {
    const { desk, heard } = deskWith();
    expect(
      await refusals(
        desk.take('done', { task: '7', token: 2 }),
        desk.take('accept', { token: 4 }),
        desk.take('done', { task: '8', token: 3 }),
        desk.take('say', { task: '8', text: 'x' }),
        new ReportDesk().take('done', mine),
        new ReportDesk().take('accept', {}),
      ),
    ).toEqual(['stale-token', 'stale-token', 'other-task', 'other-task', 'no-assignment', 'no-assignment']);
    expect(heard).toEqual([]);
    expect([desk.outcome, desk.isAccepted]).toEqual([undefined, false]);
  });

  test('an abandoned token stays refused in the next assignment of the same task', async () => {
    const { desk } = deskWith();
    desk.settle('abandoned');
    desk.assign(sampleAssignment({ token: 4 }));
    expect(await refusals(desk.take('done', mine))).toEqual(['stale-token']);
  });

  test('a report that waits is refused when another assignment takes its place', async () => {
    const { desk } = deskWith();
    const report = desk.take('done', mine);
    desk.assign(sampleAssignment({ token: 4 }));
    expect(await refusals(report)).toEqual(['stale-token']);
    expect(desk.outcome).toBeUndefined();
  });
});

describe('a program', () => {
  test('says that it is ready before it has an assignment, and accepts one', async () => {
    const desk = new ReportDesk();
    await desk.take('ready', {});
    expect(desk.isReady).toBe(true);
    desk.assign(assignment);
    expect(desk.isAccepted).toBe(false);
    await desk.take('accept', mine);
    expect([desk.isReady, desk.isAccepted]).toEqual([true, true]);
  });

  test('that is replaced takes with it all that it said', async () => {
    const { desk } = deskWith();
    await desk.take('ready', {});
    await desk.take('accept', mine);
    const report = desk.take('done', mine);
    desk.reset();
    expect([desk.isReady, desk.isAccepted, desk.assignment, desk.outcome]).toEqual([
      false,
      false,
      undefined,
      undefined,
    ]);
    expect(await refusals(report)).toEqual(['stale-token']);
  });

  test('may speak with and without an assignment; every report that is taken is a sign of life, a refused one is not', async () => {
    const desk = new ReportDesk();
    const signs: string[] = [];
    desk.on('heard', (verb, { text = '' }) => signs.push(`${verb} ${text}`.trim()));
    await desk.take('say', { text: 'hello' });
    await desk.take('ready', {});
    desk.assign(assignment);
    await desk.take('accept', {});
    await desk.take('say', { text: 'at it' });
    await refusals(desk.take('accept', { token: 99 }));
    expect(signs).toEqual(['say hello', 'ready', 'accept', 'say at it']);
  });
});
