/** Which child specs and flags are accepted, what their defaults are, and what is said of the others. */
import { expect, test } from 'vitest';
import { crashed } from '../../../machines/supervision/exit-reason.ts';
import { openStage } from '../stage.ts';
import { refused, started, supervise, unchecked } from './supervise.ts';

const simple = { strategy: 'simple_one_for_one' } as const;
const { worker } = openStage();
const { id, start } = worker('a');

/** A way to be wrong, what is wrong in OTP's words, and a spec that is. */
type WrongSpec = [fault: string, error: object, spec: unknown];

const wrongSpecs: WrongSpec[] = [
  ['no id', { term: 'missing_id' }, { start }],
  ['no start', { term: 'missing_start' }, { id }],
  ['a word for a start', { term: 'invalid_mfa', value: 'worker' }, { id, start: 'worker' }],
  wrongValue('restart', 'always', 'invalid_restart_type'),
  wrongValue('significant', 'yes', 'invalid_significant'),
  wrongValue('type', 'wrker', 'invalid_child_type'),
  wrongValue('shutdown', -1, 'invalid_shutdown'),
  wrongValue('shutdown', 1.5, 'invalid_shutdown'),
  wrongValue('shutdown', 'brutal', 'invalid_shutdown'),
  ['a word for a spec', { term: 'invalid_child_spec', value: 'a' }, 'a'],
  ['null for a spec', { term: 'invalid_child_spec', value: null }, null],
];

function wrongValue(key: string, value: unknown, term: string): WrongSpec {
  return [`${key} ${value}`, { term, value }, { id, start, [key]: value }];
}

test('sup_start_map: get_childspec answers with every default filled in', async () => {
  const root = await supervise({}, () => [
    { id, start },
    { id: 'sup', start, type: 'supervisor' },
    { id: 'own', start, restart: 'temporary', shutdown: 'brutal_kill' },
  ]);
  const defaults = { start, restart: 'permanent', significant: false };
  const specs = [
    { ...defaults, id, shutdown: 5000, type: 'worker' },
    { ...defaults, id: 'sup', shutdown: 'infinity', type: 'supervisor' },
    { ...defaults, id: 'own', restart: 'temporary', shutdown: 'brutal_kill', type: 'worker' },
  ];
  for (const spec of specs) expect(await root.getChildSpec(spec.id)).toEqual({ ok: true, spec });
  expect(await root.getChildSpec('a#1')).toEqual(refused('not_found'));
  expect(await root.getChildSpec('b')).toEqual(refused('not_found'));
});

test('sup_start_map_simple: under simple_one_for_one a child is asked for by its pid', async () => {
  const root = await supervise(simple, () => [{ id: 'job', start, restart: 'transient' }]);
  expect(await root.startDynamicChild()).toEqual(started('job-1#1'));
  const spec = { start, restart: 'transient', significant: false, shutdown: 5000, type: 'worker' };
  expect(await root.getChildSpec('job-1#1')).toEqual({ ok: true, spec: { id: 'job-1', ...spec } });
  expect(await root.getChildSpec('a#1')).toEqual(refused('not_found'));
});

test.each([
  ['without id', { term: 'missing_id' }, { start }],
  ['without start', { term: 'missing_start' }, { id }],
  ['that is a word', { term: 'invalid_child_spec', value: 'a' }, 'a'],
])('sup_start_map_faulty_specs: a spec %s keeps the supervisor from starting', async (_, reason, spec) => {
  const { started: outcome, log } = await supervise({}, () => [worker('z'), unchecked(spec)]);
  expect(await outcome).toEqual({ ok: false, reason: crashed({ term: 'start_spec', reason }) });
  expect(log).toEqual([]);
});

test('sup_start_map_faulty_specs: unknown keys are no fault', async () => {
  const root = await supervise({}, () => [unchecked({ id, start, modules: 'dynamic', colour: 'red' })]);
  expect(await root.started).toEqual({ ok: true });
  const answer = await root.getChildSpec('a');
  const spec = { id, start, restart: 'permanent', significant: false, shutdown: 5000, type: 'worker' };
  expect(answer).toEqual({ ok: true, spec });
});

test.each(wrongSpecs)('child_specs: start_child refuses %s', async (_, reason, spec) => {
  const root = await supervise({}, () => [worker('z')]);
  expect(await root.startChild(unchecked(spec))).toEqual({ ...refused('invalid_child_spec'), reason });
  expect(await root.pids()).toEqual(['z#1']);
});

test('child_specs: an id that is taken is refused, whether its child runs or not', async () => {
  const root = await supervise({}, () => [worker('a')]);
  expect(await root.startChild(worker('a'))).toEqual({ ...refused('already_started'), pid: 'a#1' });
  await root.terminateChild('a');
  expect(await root.startChild(worker('a'))).toEqual(refused('already_present'));
});

test.each([0, 2, 3])('child_specs: simple_one_for_one takes one spec, not %i', async (count) => {
  const { started: outcome } = await supervise(simple, () =>
    Array.from({ length: count }, (_, index) => worker(`job${index}`)),
  );
  expect(await outcome).toEqual({ ok: false, reason: crashed({ term: 'bad_start_spec' }) });
});

test.each(wrongSpecs)('child_specs_map: a supervisor does not start with %s', async (_, reason, spec) => {
  const { started: outcome, fate } = await supervise({}, () => [unchecked(spec)]);
  expect(await outcome).toEqual({ ok: false, reason: crashed({ term: 'start_spec', reason }) });
  expect(fate()).not.toBe('running');
});

test('child_specs_map: nor with two children of one id', async () => {
  const { started: outcome, log } = await supervise({}, () => [worker('a'), worker('b'), worker('a')]);
  expect(await outcome).toEqual({ ok: false, reason: crashed({ term: 'duplicate_child_name', id: 'a' }) });
  expect(log).toEqual([]);
});

/** For each auto_shutdown and restart type: what a significant child clashes with; the supervisor's flag goes first. */
const clashes = [
  ['never', 'permanent', ['auto_shutdown', 'never']],
  ['never', 'transient', ['auto_shutdown', 'never']],
  ['never', 'temporary', ['auto_shutdown', 'never']],
  ['any_significant', 'permanent', ['restart', 'permanent']],
  ['any_significant', 'transient', null],
  ['any_significant', 'temporary', null],
  ['all_significant', 'permanent', ['restart', 'permanent']],
  ['all_significant', 'transient', null],
  ['all_significant', 'temporary', null],
] as const;

test.each(clashes)(
  'child_specs_map: auto_shutdown %s with a %s child',
  async (autoShutdown, restart, clash) => {
    const plain = [{ id, start, restart }, worker('a', {}, { restart, significant: false })];
    for (const spec of plain) {
      expect(await (await supervise({ autoShutdown })).startChild(spec)).toEqual(started('a#1'));
      expect(await (await supervise({ autoShutdown }, () => [spec])).started).toEqual({ ok: true });
    }
    const spec = worker('a', {}, { restart, significant: true });
    const reason = { term: 'bad_combination', pairs: [clash, ['significant', 'true']] };
    expect(await (await supervise({ autoShutdown })).startChild(spec)).toEqual(
      clash ? { ...refused('invalid_child_spec'), reason } : started('a#1'),
    );
    expect(await (await supervise({ autoShutdown }, () => [spec])).started).toEqual(
      clash ? { ok: false, reason: crashed({ term: 'start_spec', reason }) } : { ok: true },
    );
  },
);

test.each([
  ['strategy', 'one_for_none', 'invalid_strategy'],
  ['intensity', -1, 'invalid_intensity'],
  ['intensity', 0.5, 'invalid_intensity'],
  ['intensity', 'many', 'invalid_intensity'],
  ['period', 0, 'invalid_period'],
  ['period', -1, 'invalid_period'],
  ['period', 'infinity', 'invalid_period'],
  ['autoShutdown', 'sometimes', 'invalid_auto_shutdown'],
])('sup_flags: %s %s is refused', async (flag, value, term) => {
  const { started: outcome, log } = await supervise(unchecked({ [flag]: value }), () => [worker('a')]);
  const error = { term: 'supervisor_data', reason: { term, value } };
  expect(await outcome).toEqual({ ok: false, reason: crashed(error) });
  expect(log).toEqual([]);
});

test.each([
  ['none', {}],
  [
    'all, at their limits',
    { strategy: 'rest_for_one', intensity: 0, period: 1, autoShutdown: 'all_significant' },
  ],
  ['unknown ones', { colour: 'red' }],
])('sup_flags: %s are accepted', async (_, flags) => {
  const { started: outcome } = await supervise(unchecked(flags), () => [worker('a')]);
  expect(await outcome).toEqual({ ok: true });
});
