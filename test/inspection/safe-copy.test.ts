import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createActor, fromPromise } from 'xstate';
import { resourceMachine } from '../../machines/resource.machine.ts';
import { safeCopy } from '../../src/inspection/safe-copy.ts';

test('plain data is copied as it is', () => {
  const data = { a: 1, b: 'two', c: [true, null, { d: 'e' }], f: 0.5 };
  expect(safeCopy(data)).toEqual(data);
});

test('what JSON does not know becomes something that tells what it was', () => {
  class Place {
    name = 'here';
    get far() {
      throw new Error('asked');
    }
  }
  const machine = createActor(resourceMachine, { input: { resource: 'r' }, id: 'actor' });
  expect(
    safeCopy({
      bigint: 12n,
      nan: Number.NaN,
      infinite: Number.POSITIVE_INFINITY,
      date: new Date('2026-11-22T00:00:00Z'),
      noDate: new Date('never'),
      error: new TypeError('wrong', { cause: new Error('below') }),
      coded: Object.assign(new Error('no file'), { code: 'ENOENT' }),
      map: new Map<unknown, unknown>([
        ['a', 1],
        [2, new Set(['b'])],
      ]),
      bytes: new Uint8Array(3),
      called: function named() {},
      symbol: Symbol('s'),
      missing: undefined,
      place: new Place(),
      getter: Object.defineProperty({}, 'asked', { enumerable: true, get: () => 1 }),
      promise: Promise.resolve(1),
      actor: machine,
      logic: resourceMachine,
      promiseLogic: fromPromise(async () => 1),
    }),
  ).toEqual({
    bigint: '12n',
    nan: 'NaN',
    infinite: 'Infinity',
    date: '2026-11-22T00:00:00.000Z',
    noDate: 'Invalid Date',
    error: { name: 'TypeError', message: 'wrong', cause: { name: 'Error', message: 'below' } },
    coded: { name: 'Error', message: 'no file', code: 'ENOENT' },
    map: { a: 1, '2': ['b'] },
    bytes: '[3 bytes]',
    called: '[function named]',
    symbol: null,
    place: { name: 'here' },
    getter: { asked: '[getter]' },
    promise: {},
    actor: { actor: 'actor', sessionId: machine.sessionId },
    logic: '[machine resource]',
    promiseLogic: '[actor logic]',
  });
});

test('a circle ends', () => {
  const circle: { self?: unknown; list: unknown[] } = { list: [] };
  circle.self = circle;
  circle.list.push(circle);
  expect(safeCopy(circle)).toEqual({ self: '[circular]', list: ['[circular]'] });
});

test('long, wide and deep data is cut, and says so', () => {
  expect(safeCopy('x'.repeat(5_000))).toBe(`${'x'.repeat(1_000)}… (5000 characters)`);
  const list = safeCopy(Array.from({ length: 500 }, (_, index) => index));
  expect(list).toHaveLength(101);
  expect(list).toContain('… 400 more');
  const wide = safeCopy(Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`k${index}`, index])));
  expect(wide).toMatchObject({ k99: 99, '…': '400 more' });
  let deep: unknown = 'bottom';
  for (let level = 0; level < 50; level += 1) deep = { deep };
  expect(JSON.stringify(safeCopy(deep))).toContain('[object]');
});

test('however it is nested, a copy stays below 200 KB', () => {
  const level = (depth: number): unknown =>
    depth === 0
      ? 'text'.repeat(1_000)
      : Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`k${index}`, level(depth - 1)]));
  expect(JSON.stringify(safeCopy(level(5))).length).toBeLessThan(200_000);
});

const secret = 'S3CR3T-value';

test('no secret leaves under a telling name, at any depth and in any collection', () => {
  const copy = safeCopy({
    password: secret,
    deep: { list: [{ apiKey: secret }], map: new Map([['token', secret]]), tokens: [secret, { a: secret }] },
    environment: { ANY: secret },
    cookies: new Set([secret]),
    error: Object.assign(new Error(`password=${secret}`), { code: `token=${secret}` }),
    [`secret=${secret}`]: 1,
  });
  expect(JSON.stringify(copy)).not.toContain(secret);
});

test.each([
  ['an option', ['run', '--api-key', secret]],
  ['an option with its value', ['run', `--api-key=${secret}`]],
  ['several options', ['--token', '--password', secret]],
  ['a login', ['curl', '-u', `bob:${secret}`]],
  ['a header pair', [['authorization', secret]]],
  ['a pair of any name', [['pass', secret]]],
  ['raw headers', ['Host', 'a', 'Authorization', secret, 'Cookie', secret]],
  ['named values', [{ name: 'X-Api-Key', value: secret }]],
  ['keyed values', [{ key: 'DB_PASS', value: secret }]],
  ['the name of an error', Object.assign(new Error('a'), { name: `password=${secret}` })],
  ['the message of an error', new Error(`{\\"password\\":\\"a b, ${secret}\\"}`)],
  ['an environment', { childEnv: { ANY: secret }, environ: [`ANY=${secret}`] }],
])('no secret leaves in %s', (_what, value) => {
  const copy = JSON.stringify(safeCopy({ value }));
  expect(copy).not.toContain(secret);
  expect(copy).toContain('[redacted]');
});

test.each([
  [['backend', 'auth', 'frontend']],
  [['auth', 'frontend']],
  [['-u', 'nobody']],
  [['keyboard', 'us']],
  [['--verbose', 'author', 'bob']],
  [{ name: 'kaede', value: 'x' }],
  [{ token: 7, items: [{ key: 7 }].length }],
])('%j is copied as it is', (data) => {
  expect(safeCopy(data)).toEqual(data);
});

test('anything at all becomes JSON', () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true }), (value) => {
      const text = JSON.stringify(safeCopy(value));
      expect(JSON.stringify(JSON.parse(text))).toBe(text);
    }),
  );
});
