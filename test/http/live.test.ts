import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LiveReader } from './live-reader.ts';
import { PageServer } from './page-server.ts';

let page: PageServer;
let tree: object;
let looks = 0;
const readers: LiveReader[] = [];
beforeEach(async () => {
  tree = { path: '', children: [] };
  page = await PageServer.open({
    describeTree: () => {
      looks += 1;
      return tree;
    },
  });
});
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.close();
  await page.end();
});

async function look(): Promise<LiveReader> {
  const reader = await LiveReader.open(`http://${page.host}/api/live`, page.cookie);
  readers.push(reader);
  return reader;
}

const hears = (type: string) => (event: object) =>
  'type' in event && event.type === '@xstate.event' && JSON.stringify(event).includes(`"type":"${type}"`);

test('a page is told which boot it sees, how everything stands, the tree, and then what happens', async () => {
  page.tree.send('kaede', { type: 'work' });
  const reader = await look();
  page.tree.send('kaede', { type: 'rest' });
  await reader.message(hears('rest'));
  expect(reader.response.headers['content-type']).toBe('text/event-stream');
  expect(reader.events.slice(0, 3).map(({ event }) => event)).toEqual(['hello', 'inspection', 'tree']);
  expect(reader.named('hello')).toEqual([{ boot: 'this-boot' }]);
  expect(reader.named('tree')).toEqual([tree]);
  const actors = reader.inspection.filter(({ type }) => type === '@xstate.actor');
  expect(actors.slice(0, 7).map(({ orchestra }) => orchestra.path)).toEqual([
    '',
    'kaede',
    'kaede',
    'botan',
    'botan',
    'kaede/promise',
    'kaede/callback',
  ]);
});

test('each page gets a baseline of its own, and all get what happens', async () => {
  const first = await look();
  page.tree.send('kaede', { type: 'work' });
  await first.message(hears('work'));
  const second = await look();
  page.tree.send('kaede', { type: 'rest' });
  await Promise.all([first, second].map((reader) => reader.message(hears('rest'))));
  expect(first.named('hello')).toHaveLength(1);
  expect(second.inspection.some(hears('work'))).toBe(false);
});

test('the tree is told again when something in it has changed, not because time has passed', async () => {
  tree = { children: [{ id: 'a', restarts: 0, uptime: 1, retryIn: 5 }] };
  const reader = await look();
  tree = { children: [{ id: 'a', restarts: 0, uptime: 2, retryIn: null }] };
  const before = looks;
  await vi.waitFor(() => expect(looks).toBeGreaterThan(before + 1), { timeout: 10_000 });
  expect(reader.named('tree')).toHaveLength(1);
  const lastExit = { at: 1, reason: 'refused: password=S3CR3T' };
  tree = { children: [{ id: 'a', restarts: 1, uptime: 3, retryIn: null, lastExit }] };
  await vi.waitFor(() => expect(reader.named('tree')).toHaveLength(2), { timeout: 10_000 });
  expect(reader.named('tree')[1]).toMatchObject({ children: [{ restarts: 1, uptime: 3 }] });
  expect(reader.bytes).not.toContain('S3CR3T');
});

test('a tree that cannot be described now costs nothing else', async () => {
  await page.end();
  const fault = new Error('not up yet');
  page = await PageServer.open({
    describeTree: () => {
      throw fault;
    },
  });
  const reader = await look();
  page.tree.send('kaede', { type: 'work' });
  await reader.message(hears('work'));
  expect(page.errors).toContain(fault);
});

test('a page that is closed is forgotten', async () => {
  const attached = vi.spyOn(page.source, 'attach');
  const leaving: (() => void)[] = [];
  attached.mockImplementation((viewer) => {
    const leave = page.tree.hub.attach(viewer);
    const left = vi.fn(leave);
    leaving.push(left);
    return left;
  });
  await page.restart();
  const reader = await look();
  reader.close();
  await vi.waitFor(() => expect(leaving[0]).toHaveBeenCalledOnce(), { timeout: 10_000 });
});

test('a page that does not read is left alone until it does, and then told anew how everything stands', async () => {
  const [quick, slow] = [await look(), await look()];
  slow.response.pause();
  const load = (index: number) => ({
    type: 'note',
    index,
    load: Array.from({ length: 30 }, () => 'x'.repeat(900)),
  });
  let sent = 0;
  // More than the socket, the stream and the server's patience can hold.
  for (let round = 0; round < 40; round += 1) {
    for (let index = 0; index < 20; index += 1) page.tree.send('kaede', load(sent + index));
    sent += 20;
    await quick.message((event) => event.type === '@xstate.event' && event.event['index'] === sent - 1);
  }
  page.tree.send('botan', { type: 'work' });
  await quick.message(hears('work'));
  expect(quick.named('hello')).toHaveLength(1);
  slow.response.resume();
  await vi.waitFor(() => expect(slow.named('hello')).toHaveLength(2), { timeout: 20_000 });
  page.tree.send('botan', { type: 'rest' });
  await slow.message(hears('rest'));
  const notes = slow.inspection.filter(hears('note'));
  expect(notes.length).toBeLessThan(sent);
  const second = slow.events.findLastIndex(({ event }) => event === 'hello');
  expect(JSON.stringify(slow.events[second + 1])).toContain('"working":"going"');
});

test('a server that closes ends what is open at once; one that opens again on its port knows its pages', async () => {
  const reader = await look();
  const { port } = page.server;
  await page.restart();
  await reader.ended;
  expect(page.server.port).toBe(port);
  const again = await look();
  page.tree.send('kaede', { type: 'work' });
  await again.message(hears('work'));
});

test('who does not read makes room for others after a minute', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'Date'] });
  try {
    const reader = await look();
    reader.response.pause();
    const quick = await look();
    // More than the sockets of both ends hold.
    for (let index = 0; index < 800; index += 1) {
      page.tree.send('kaede', {
        type: 'note',
        index,
        load: Array.from({ length: 30 }, () => 'x'.repeat(900)),
      });
      if (index % 20 === 19)
        await quick.message((event) => event.type === '@xstate.event' && event.event['index'] === index);
    }
    for (let seconds = 0; seconds < 90; seconds += 15) {
      const known = quick.bytes.length;
      vi.advanceTimersByTime(15_000);
      await vi.waitFor(() => expect(quick.bytes.length).toBeGreaterThan(known), { timeout: 20_000 });
    }
    reader.response.resume();
    await reader.ended;
    expect(reader.response.complete).toBe(false);
    expect(quick.response.closed).toBe(false);
  } finally {
    vi.useRealTimers();
  }
});

test('a connection has one page, however many it asks for, and leaves nothing behind', async () => {
  const attached = vi.spyOn(page.source, 'attach');
  await page.restart();
  const asking = connect(page.server.port, '127.0.0.1');
  const one = `GET /api/live HTTP/1.1\r\nHost: ${page.host}\r\nCookie: ${page.cookie}\r\n\r\n`;
  asking.write(one.repeat(40));
  await once(asking, 'data');
  for (let count = 0; count < 31; count += 1) await look();
  expect((await page.get('/api/live')).status).toBe(503);
  expect(attached).toHaveBeenCalledTimes(32);
  asking.destroy();
  await vi.waitFor(async () => expect(await look()).toBeDefined(), { timeout: 10_000 });
});

test('a page has to ask again after half a day, which renews its cookie', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  const opening = look();
  try {
    const reader = await opening;
    vi.advanceTimersByTime(12 * 60 * 60_000);
    await reader.ended;
  } finally {
    vi.useRealTimers();
  }
});

test('more pages than a person opens are refused', async () => {
  for (let count = 0; count < 32; count += 1) await look();
  expect((await page.get('/api/live')).status).toBe(503);
  readers[0]?.close();
  await vi.waitFor(async () => expect(await look()).toBeDefined(), { timeout: 10_000 });
});
