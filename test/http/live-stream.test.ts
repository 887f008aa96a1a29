/** How far a page may lag: over a stream whose reader takes what the test tells it to. */
import { SSEStreamingApi } from 'hono/streaming';
import { beforeEach, expect, test, vi } from 'vitest';
import { LiveStream } from '../../src/http/live-stream.ts';
import { type WireEvent, wireVersion } from '../../src/inspection/wire-event.ts';

const mebibyte = 1024 * 1024;

let now = 0;
let live: LiveStream;
let reader: ReadableStreamDefaultReader<Uint8Array>;
let read: string[] = [];
beforeEach(() => {
  now = 1_000_000;
  read = [];
  const { readable, writable } = new TransformStream();
  const stream = new SSEStreamingApi(writable, readable);
  reader = stream.responseReadable.getReader();
  live = new LiveStream(stream, 'this-boot', () => now);
});

/** Messages of an eighth of a mebibyte. */
function load(mebibytes: number): readonly WireEvent[] {
  return Array.from({ length: Math.round(mebibytes * 8) }, () => ({
    type: '@xstate.event',
    _version: wireVersion,
    createdAt: '0',
    id: null,
    rootId: 'x:0',
    sessionId: 'x:1',
    orchestra: { path: 'kaede', machine: 'worker' },
    event: { type: 'note', load: 'x'.repeat(mebibyte / 8) },
  }));
}

/** One message a write, so that a reader can take them one by one. */
function send(mebibytes: number): void {
  for (const event of load(mebibytes)) live.send([event]);
}

async function take(events: number): Promise<void> {
  for (let taken = 0; taken < events; taken += 1) {
    const { value } = await reader.read();
    read.push(new TextDecoder().decode(value).split('\n', 1)[0] ?? '');
  }
}

/** Takes everything that waits. */
async function catchUp(): Promise<void> {
  const end = 'event: tree';
  live.tree('{}');
  while (read.at(-1) !== end) await take(1);
  read.pop();
  await vi.waitFor(() => expect(live.isStuck()).toBe(false));
}

test('a baseline is no lag, however large it is and however slowly it is taken', async () => {
  live.restart(load(20));
  expect(live.isSlow()).toBe(false);
  await take(2);
  send(3);
  expect(live.isSlow()).toBe(false);
  await catchUp();
  expect(live.isSlow()).toBe(false);
});

test('of news, four mebibytes may wait, or as much as the baseline had', () => {
  live.restart(load(1));
  send(3.5);
  expect(live.isSlow()).toBe(false);
  send(1);
  expect(live.isSlow()).toBe(true);
});

test('as many news as a large baseline had may wait', () => {
  live.restart(load(8));
  send(7.5);
  expect(live.isSlow()).toBe(false);
  send(1);
  expect(live.isSlow()).toBe(true);
});

test('a page that lags is slow until it has taken everything', async () => {
  live.restart(load(1));
  now += 60_000;
  send(5);
  await take(20);
  expect(live.isSlow()).toBe(true);
  await catchUp();
  await vi.waitFor(() => expect(live.isSlow()).toBe(false));
});

test('one that lags again and again is told everything anew less and less often', async () => {
  const pauses: number[] = [];
  for (let round = 0; round < 7; round += 1) {
    const begin = now;
    live.restart(load(0.1));
    send(5);
    await catchUp();
    while (live.isSlow()) {
      now += 1_000;
      await Promise.resolve();
    }
    pauses.push((now - begin) / 1_000);
  }
  expect(pauses).toEqual([2, 4, 8, 16, 30, 30, 30]);
  live.restart([]);
  now += 60_000;
  send(5);
  await catchUp();
  await vi.waitFor(() => expect(live.isSlow()).toBe(false));
});

test('who takes nothing for a minute is stuck, unlike one who takes little and one to whom nothing is said', async () => {
  expect(live.isStuck()).toBe(false);
  now += 120_000;
  live.restart(load(2));
  expect(live.isStuck()).toBe(false);
  now += 59_000;
  await take(2);
  now += 59_000;
  expect(live.isStuck()).toBe(false);
  now += 2_000;
  expect(live.isStuck()).toBe(true);
  await catchUp();
  now += 120_000;
  expect(live.isStuck()).toBe(false);
});
