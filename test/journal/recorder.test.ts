/** The recorder alone: what it keeps, hands out and has to drop. */
import { expect, test } from 'vitest';
import { JournalRecorder, standingInterval } from '../../src/journal/recorder.ts';
import { numbered, transition } from './transitions.ts';

const place = { boot: 'boot', node: 'local' };

test('pages of at most 200, in order, counted from 1', () => {
  const recorder = new JournalRecorder(place);
  const made = numbered(450);
  for (const one of made) recorder.record(one);
  const pages = [];
  for (let page = recorder.page(); page; page = recorder.page()) {
    pages.push(page);
    recorder.stored(page);
  }
  expect(pages.map(({ sequence, transitions }) => [sequence, transitions.length])).toEqual([
    [1, 200],
    [2, 200],
    [3, 50],
  ]);
  expect(pages.flatMap(({ transitions }) => transitions)).toEqual(made);
  expect(recorder.waiting).toBe(0);
});

test('routine is not recorded', () => {
  const recorder = new JournalRecorder(place);
  recorder.record(transition({ routine: true }));
  expect(recorder.waiting).toBe(0);
});

test('the same page is handed out until it is stored', () => {
  const recorder = new JournalRecorder(place);
  recorder.record(transition());
  const page = recorder.page();
  recorder.record(transition());
  expect(recorder.page()).toBe(page);
  expect(page?.transitions).toHaveLength(1);
  expect(recorder.waiting).toBe(2);
  if (page) recorder.stored(page);
  expect(recorder.page()?.sequence).toBe(2);
  expect(recorder.waiting).toBe(1);
});

test('beyond its limit the oldest go; it is said once, counted, and told where everything stood', () => {
  let told = 0;
  const recorder = new JournalRecorder({ ...place, limit: 1_000, onDropping: () => (told += 1) });
  for (const one of numbered(2_001)) recorder.record(one);
  const page = recorder.page();
  expect(told).toBe(1);
  expect(page?.missing).toBe(1_500);
  expect(page?.standing?.map(({ to }) => to)).toEqual(['n1499']);
  expect(page?.transitions[0]?.to).toBe('n1500');
});

test('a page that can never be stored counts as missing', () => {
  const recorder = new JournalRecorder(place);
  const nextPage = (count: number) => {
    for (const one of numbered(count)) recorder.record(one);
    return recorder.page();
  };
  const first = nextPage(1);
  if (first) recorder.lost(first);
  expect(recorder.page()).toBeUndefined();
  const second = nextPage(2);
  expect(second).toMatchObject({ sequence: 2, missing: 1 });
  expect(second?.standing).toBeUndefined();
  if (second) recorder.lost(second);
  expect(recorder.page()).toMatchObject({
    sequence: 3,
    missing: 3,
    transitions: [],
    standing: [{ to: 'n1' }],
  });
});

test('where everything stands is told from time to time, also when nothing happens', () => {
  const recorder = new JournalRecorder(place);
  const begin = Date.now();
  recorder.record(transition({ to: 'open', edges: ['an|edge|0'] }));
  const first = recorder.page(begin);
  expect(first?.standing).toEqual([]);
  if (first) recorder.stored(first);
  expect(recorder.page(begin + standingInterval - 1)).toBeUndefined();
  const second = recorder.page(begin + standingInterval);
  expect(second).toMatchObject({ transitions: [], standing: [{ to: 'open', edges: [] }] });
});
