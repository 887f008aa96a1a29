/** Which conversation a program's next start begins or goes on with. */
import { expect, test } from 'vitest';
import { type HeldWork, ProgramSession } from '../../src/agents/program-session.ts';

const work = { task: '7', token: 3 };
const command = ['agent', '--id={session}'];
const resume = ['agent', '--resume', '{session}'];

interface Situation {
  resume?: readonly string[];
  recorded?: { session: string | null; assignment: HeldWork | null };
  isToGoOn?: boolean;
}

function sessionIn({ resume: how = resume, recorded, isToGoOn = true }: Situation = {}) {
  const noted: string[] = [];
  const session = new ProgramSession({
    resume: how.length > 0 ? how : undefined,
    recall: () => recorded,
    note: (id) => noted.push(id),
    isToGoOn: () => isToGoOn,
  });
  return { session, noted };
}

test('a first start begins a conversation, whose id the program and the record are told', () => {
  const { session, noted } = sessionIn();
  const { argv, environment } = session.start(command);
  const [id = ''] = noted;
  expect(id).toMatch(/^[0-9a-f-]{36}$/u);
  expect(argv).toEqual(['agent', `--id=${id}`]);
  expect(environment).toEqual({ ORCHESTRA_SESSION: id });
});

test('dead in the middle of a task, it goes on with that conversation, as often as it takes', () => {
  const { session, noted } = sessionIn();
  session.start(command);
  for (let death = 0; death < 3; death += 1) {
    session.begin(work);
    expect(session.start(command)).toEqual({
      argv: ['agent', '--resume', noted[0]],
      environment: { ORCHESTRA_SESSION: noted[0], ORCHESTRA_RESUMED: '1' },
    });
  }
});

test.each<[string, Situation, (session: ProgramSession) => void]>([
  ['it had no task', {}, () => undefined],
  [
    'its task was over',
    {},
    (session) => {
      session.begin(work);
      session.end();
    },
  ],
  ['the task will not be begun again', { isToGoOn: false }, (session) => session.begin(work)],
  ['it cannot be resumed', { resume: [] }, (session) => session.begin(work)],
  [
    'it could not be resumed the last time',
    {},
    (session) => {
      session.begin(work);
      session.start(command);
    },
  ],
])('a new conversation begins when %s', (_why, situation, before) => {
  const { session, noted } = sessionIn(situation);
  session.start(command);
  before(session);
  const { argv, environment } = session.start(command);
  expect(argv).toEqual(['agent', `--id=${noted.at(-1)}`]);
  expect(new Set(noted).size).toBeGreaterThan(1);
  expect(environment).not.toHaveProperty('ORCHESTRA_RESUMED');
});

test('a program that is started for each task goes on with the same claim only, whatever attempts are left', () => {
  const { session, noted } = sessionIn({ isToGoOn: false });
  session.start(command, work);
  session.begin(work);
  expect(session.start(command, work).argv).toEqual(['agent', '--resume', noted[0]]);
  session.begin(work);
  expect(session.start(command, { ...work, token: 4 }).argv).toEqual(['agent', `--id=${noted[2]}`]);
});

test('what an earlier daemon has left on record is gone on with', () => {
  const { session } = sessionIn({ recorded: { session: 'their-id', assignment: work } });
  expect(session.start(command).argv).toEqual(['agent', '--resume', 'their-id']);
});

test('of an adopted program whose task has ended since, nothing is gone on with', () => {
  const { session, noted } = sessionIn({ recorded: { session: 'their-id', assignment: work } });
  session.end();
  expect(session.start(command).argv).toEqual(['agent', `--id=${noted[0]}`]);
});
