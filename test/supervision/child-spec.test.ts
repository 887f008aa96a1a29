import { describe, expect, test } from 'vitest';
import { checkChildSpec } from '../../machines/supervision/child-spec.ts';
import { ignore } from '../../machines/supervision/exit-reason.ts';
import { checkFlags, defaultFlags } from '../../machines/supervision/supervisor-flags.ts';
import { initialState } from '../../machines/supervision/supervisor-state.ts';

const start = {};

/** What reaches us from configuration is only as good as it was written. */
function fromConfig(text: object): never {
  return JSON.parse(JSON.stringify(text)) as never;
}

describe('a child spec', () => {
  test.each([
    [{ start }, { term: 'missing_id' }],
    [{ id: 'a' }, { term: 'missing_start' }],
    [
      { id: 'a', start: 'mfa' },
      { term: 'invalid_mfa', value: 'mfa' },
    ],
    [
      { id: 'a', start: null },
      { term: 'invalid_mfa', value: null },
    ],
    [
      { id: 'a', start, restart: 'always' },
      { term: 'invalid_restart_type', value: 'always' },
    ],
    [
      { id: 'a', start, significant: 1 },
      { term: 'invalid_significant', value: 1 },
    ],
    [
      { id: 'a', start, type: 'wrker' },
      { term: 'invalid_child_type', value: 'wrker' },
    ],
    [
      { id: 'a', start, shutdown: -1 },
      { term: 'invalid_shutdown', value: -1 },
    ],
    [
      { id: 'a', start, shutdown: 'never' },
      { term: 'invalid_shutdown', value: 'never' },
    ],
  ])('%j is refused', (spec, error) => {
    expect(checkChildSpec(fromConfig(spec), 'never')).toEqual({ ok: false, error });
  });

  test.each([null, 'a', 7, undefined])('%o is none', (value) => {
    expect(checkChildSpec(value as never, 'never')).toEqual({
      ok: false,
      error: { term: 'invalid_child_spec', value },
    });
  });

  test('a child may be given no time at all to end', () => {
    expect(checkChildSpec({ id: 'a', start, shutdown: 0 }, 'never')).toMatchObject({ spec: { shutdown: 0 } });
  });

  test('unknown keys are ignored', () => {
    expect(checkChildSpec(fromConfig({ id: 'a', start, modules: [] }), 'never')).toEqual({
      ok: true,
      spec: { id: 'a', start, restart: 'permanent', significant: false, shutdown: 5000, type: 'worker' },
    });
  });

  const bad = (key: string, value: string): object => ({
    term: 'bad_combination',
    pairs: [
      [key, value],
      ['significant', 'true'],
    ],
  });
  test.each([
    ['never', 'permanent', bad('auto_shutdown', 'never')],
    ['never', 'transient', bad('auto_shutdown', 'never')],
    ['never', 'temporary', bad('auto_shutdown', 'never')],
    ['any_significant', 'permanent', bad('restart', 'permanent')],
    ['any_significant', 'transient', null],
    ['any_significant', 'temporary', null],
    ['all_significant', 'permanent', bad('restart', 'permanent')],
    ['all_significant', 'transient', null],
    ['all_significant', 'temporary', null],
  ] as const)('significant under %s and %s', (autoShutdown, restart, error) => {
    const checked = checkChildSpec({ id: 'a', start, restart, significant: true }, autoShutdown);
    expect(checked).toMatchObject(error ? { ok: false, error } : { ok: true });
    expect(checkChildSpec({ id: 'a', start, restart }, autoShutdown).ok).toBe(true);
  });
});

describe('flags', () => {
  test("have OTP's defaults", () => {
    expect(checkFlags({})).toEqual({ ok: true, flags: defaultFlags });
    expect(defaultFlags).toMatchObject({
      strategy: 'one_for_one',
      intensity: 1,
      period: 5,
      autoShutdown: 'never',
      backoff: null,
    });
  });

  test('failures may be forgotten at once', () => {
    expect(checkFlags({ resetAfter: 0 })).toMatchObject({ ok: true, flags: { resetAfter: 0 } });
  });

  test.each([null, 'one_for_one', 7])('%o are none', (flags) => {
    expect(checkFlags(flags as never)).toEqual({ ok: false, error: { term: 'invalid_type', value: flags } });
  });

  test.each([
    [{ strategy: 'one_for_none' }, 'invalid_strategy'],
    [{ intensity: -1 }, 'invalid_intensity'],
    [{ intensity: 0.5 }, 'invalid_intensity'],
    [{ period: 0 }, 'invalid_period'],
    [{ period: 'long' }, 'invalid_period'],
    [{ autoShutdown: 'sometimes' }, 'invalid_auto_shutdown'],
    [{ backoff: { min: 0, max: 1, factor: 2, jitter: 0 } }, 'invalid_backoff'],
    [{ backoff: { min: 2, max: 1, factor: 2, jitter: 0 } }, 'invalid_backoff'],
    [{ backoff: { min: 1, max: 1, factor: 0.5, jitter: 0 } }, 'invalid_backoff'],
    [{ backoff: { min: 1, max: 1, factor: 1, jitter: 2 } }, 'invalid_backoff'],
    [{ backoff: { min: 1 } }, 'invalid_backoff'],
    [{ resetAfter: -1 }, 'invalid_reset_after'],
    [{ resetAfter: '5' }, 'invalid_reset_after'],
    [{ maxChildren: 1.5 }, 'invalid_max_children'],
  ])('%j are refused', (flags, term) => {
    expect(checkFlags(fromConfig(flags))).toMatchObject({ ok: false, error: { term } });
  });
});

test('a supervisor that has not begun is plain data, in which nothing has happened', () => {
  const spec = { id: 'a', start, restart: 'permanent', significant: false, shutdown: 5000, type: 'worker' };
  const status = { state: 'undefined' };
  const state = initialState({}, [{ id: 'a', start }]);
  expect(state).toEqual({
    ...{
      flags: defaultFlags,
      phase: 'initializing',
      template: null,
      suspended: false,
      exit: null,
      job: null,
    },
    children: [{ id: 'a', spec, args: undefined, status, lives: 0, startedAt: 0, failures: 0 }],
    ...{ restarts: [], mailbox: [], exits: {}, lives: {}, dynamicChildren: 0, timers: 0 },
  });
  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
});

test('a supervisor that is given `ignore` in place of children declines to begin', () => {
  expect(initialState({ intensity: 7 }, ignore)).toEqual({ ...initialState({}, []), phase: 'terminated' });
});

describe('a supervisor that cannot begin', () => {
  test.each([
    [
      'two children of one id',
      {},
      [
        { id: 'a', start },
        { id: 'a', start },
      ],
      { term: 'duplicate_child_name', id: 'a' },
    ],
    ['a bad spec', {}, [{ id: '', start }], { term: 'start_spec', reason: { term: 'missing_id' } }],
    ['no list of specs', {}, { id: 'a', start } as never, { term: 'bad_start_spec' }],
    ['no template', { strategy: 'simple_one_for_one' }, [], { term: 'bad_start_spec' }],
    [
      'two templates',
      { strategy: 'simple_one_for_one' },
      [
        { id: 'a', start },
        { id: 'b', start },
      ],
      { term: 'bad_start_spec' },
    ],
  ] as const)('%s', (_, flags, specs, error) => {
    expect(initialState(flags, specs)).toMatchObject({
      phase: 'terminated',
      children: [],
      exit: { kind: 'error', error },
    });
  });
});
