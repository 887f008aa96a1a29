import { expect, test } from 'vitest';
import { parseRoute, type Route, routeHash } from '../../src/page/model/route.ts';
import { lengthText, roughLengthText, timesText } from '../../src/page/model/time-text.ts';

const routes: Route[] = [
  { view: 'live', path: '', shows: 'below' },
  { view: 'live', path: '', shows: 'chart' },
  { view: 'live', path: 'ensemble/agents/agent:kaede/work', shows: 'chart' },
  { view: 'live', path: 'odd #?%&=/カエデ', shows: 'below' },
  { view: 'stately' },
  { view: 'replay', path: '', shows: 'below' },
  { view: 'replay', path: 'a/b', shows: 'below', from: '2026-11-22T18:00:00.000Z' },
  { view: 'replay', path: '', shows: 'chart', from: 'x', to: 'y', agent: 'kaede' },
];

test.each(routes)('the address of $view $path $shows leads back to it', (route) => {
  expect(parseRoute(routeHash(route))).toEqual(route);
});

test.each(['', '#', '#nonsense', '#live', '#live/'])('"%s" is the overview', (hash) => {
  expect(parseRoute(hash)).toEqual({ view: 'live', path: '', shows: 'below' });
});

test('both ways in which a replay is asked for are understood', () => {
  const wanted = { view: 'replay', from: 'x', agent: 'kaede', path: '', shows: 'below' };
  expect(parseRoute('#replay?from=x&agent=kaede')).toEqual(wanted);
  expect(parseRoute('#replay=from=x&agent=kaede')).toEqual(wanted);
});

test('an address that is broken is no error', () => {
  expect(parseRoute('#chart/%E0%A4%A')).toEqual({ view: 'live', path: '', shows: 'chart' });
});

test.each([
  [0, '0s', '0s'],
  [3_999, '3s', '3s'],
  [252_000, '4m 12s', '4m'],
  [240_000, '4m', '4m'],
  [190_800_000, '2d 5h', '2d'],
])('%i ms are %s, roughly %s', (ms, text, rough) => {
  expect([lengthText(ms), roughLengthText(ms)]).toEqual([text, rough]);
});

test('how often', () => {
  expect([0, 1, 2].map(timesText)).toEqual(['never', 'once', '2 times']);
});
