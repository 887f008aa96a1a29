import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { PageSource } from '../../src/http/app.ts';
import { HttpError } from '../../src/http/http-error.ts';
import { openHttp } from '../../src/http/open-http.ts';
import { PageServer } from './page-server.ts';

let page: PageServer | undefined;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'page-'));
});
afterEach(async () => {
  await page?.end();
  page = undefined;
  await rm(folder, { recursive: true });
});

async function open(source: Partial<PageSource> = {}): Promise<PageServer> {
  page = await PageServer.open({ packageRoot: folder, ...source });
  return page;
}

async function buildPage(): Promise<void> {
  await mkdir(join(folder, 'dist/page/assets'), { recursive: true });
  await mkdir(join(folder, 'machines/charts'), { recursive: true });
  await writeFile(join(folder, 'dist/page/index.html'), '<title>built</title>');
  await writeFile(join(folder, 'dist/page/assets/index-abc.js'), 'built()');
  await writeFile(join(folder, 'machines/charts/agent.svg'), '<svg/>');
  await writeFile(join(folder, 'package.json'), 'private');
}

test('the page, its assets and the charts are served as what they are', async () => {
  await buildPage();
  const { get } = bound(await open());
  for (const [path, type, body] of [
    ['/', 'text/html; charset=utf-8', '<title>built</title>'],
    ['/assets/index-abc.js', 'text/javascript; charset=utf-8', 'built()'],
    ['/charts/agent.svg', 'image/svg+xml; charset=utf-8', '<svg/>'],
  ] as const) {
    const answer = await get(path);
    expect([answer.status, answer.headers['content-type'], answer.body]).toEqual([200, type, body]);
  }
});

test.each([
  '/../../package.json',
  '/assets/../../../package.json',
  '/charts/..%2f..%2fpackage.json',
  '/charts/%2e%2e/%2e%2e/package.json',
  '/charts//etc/passwd',
  '/package.json',
  '/charts/nobody.svg',
  '/nothing',
])('%s is not there', async (path) => {
  await buildPage();
  const answer = await (await open()).get(path);
  expect(answer.status).toBe(404);
  expect(answer.body).not.toContain('private');
});

test('a page that was not built says how it is', async () => {
  const answer = await (await open()).get('/');
  expect(answer.status).toBe(503);
  expect(answer.body).toContain('npm run build');
});

test('the settings tell the page what it shows', async () => {
  const answer = await (await open()).get('/api/settings');
  expect(JSON.parse(answer.body)).toEqual({
    node: 'local',
    version: '1.2.3',
    boot: 'this-boot',
    inspectorUrl: 'https://inspector.example/inspect',
    agents: [{ name: 'kaede', symbol: '🎹', title: 'カエデ' }],
  });
});

test('recorded transitions come as far as the limit, and more is said to be there', async () => {
  const asked: object[] = [];
  const { get } = bound(
    await open({
      readTransitions: async function* ({ signal: _signal, ...span }) {
        asked.push(span);
        for (let index = 0; index < 10; index += 1) yield { index };
      },
    }),
  );
  const all = await get('/api/transitions?from=2026-11-22T10:00:00.000Z');
  expect(JSON.parse(all.body)).toMatchObject({ transitions: { length: 10 }, more: false });
  const some = await get(
    '/api/transitions?from=2026-11-22T10:00:00%2B01:00&to=2026-11-22T11:00:00Z&agent=kaede&limit=3',
  );
  expect(JSON.parse(some.body)).toEqual({
    transitions: [{ index: 0 }, { index: 1 }, { index: 2 }],
    more: true,
  });
  expect(asked).toEqual([
    { from: new Date('2026-11-22T10:00:00Z') },
    { from: new Date('2026-11-22T09:00:00Z'), to: new Date('2026-11-22T11:00:00Z'), agent: 'kaede' },
  ]);
});

test.each([
  '',
  '?from=yesterday',
  '?from=2026-11-22T10:00:00Z&limit=0',
  '?from=2026-11-22T10:00:00Z&agent=a.>',
  '?from=0000-01-01T00:00:00Z',
  '?from=1677-09-21T00:00:00Z',
  '?from=2026-11-22T10:00:00Z&to=9999-12-31T23:59:59Z',
])('transitions%s is no question', async (query) => {
  const answer = await (await open()).get(`/api/transitions${query}`);
  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.body).error).toContain('✖');
});

test('a time that no journal has is said', async () => {
  const answer = await (await open()).get('/api/transitions?from=0000-01-01T00:00:00Z');
  expect(JSON.parse(answer.body).error).toContain('use a time from 1970 to 2200');
});

test('two read the journal at a time, and a reading ends with whoever has asked for it', async () => {
  const readings: { signal: AbortSignal; end: () => void }[] = [];
  const server = await open({
    readTransitions: async function* ({ signal }) {
      await new Promise<void>((resolve, reject) => {
        readings.push({ signal, end: resolve });
        signal.addEventListener('abort', () => reject(signal.reason));
      });
      yield {};
    },
  });
  const path = `http://${server.host}/api/transitions?from=2026-11-22T10:00:00Z`;
  const leaving = [new AbortController(), new AbortController()];
  const ask = (signal: AbortSignal | null = null) =>
    fetch(path, { headers: { cookie: server.cookie }, signal }).then(({ status }) => status);
  const begun = async (count: number) =>
    vi.waitFor(() => expect(readings).toHaveLength(count), { timeout: 10_000 });
  const gone = leaving.map(({ signal }) => expect(ask(signal)).rejects.toThrow());
  await begun(2);
  const others = [ask(), ask(), ask()];
  expect((await server.get('/api/settings')).status).toBe(200);
  expect(readings).toHaveLength(2);
  for (const controller of leaving) controller.abort();
  await Promise.all(gone);
  await begun(4);
  expect(readings.map(({ signal }) => signal.aborted)).toEqual([true, true, false, false]);
  readings[2]?.end();
  await begun(5);
  for (const { end } of readings) end();
  expect(await Promise.all(others)).toEqual([200, 200, 200]);
  expect(server.errors).toEqual([]);
});

test('a fault of ours is told to the log and not to the browser', async () => {
  const fault = new Error('the bus is away: secret details');
  const { get, errors } = bound(
    await open({
      readTransitions: () => {
        throw fault;
      },
    }),
  );
  const answer = await get('/api/transitions?from=2026-11-22T10:00:00Z');
  expect(answer.status).toBe(500);
  expect(answer.body).not.toContain('secret');
  expect(errors).toEqual([fault]);
});

test('a port that is taken is said, and what to do', async () => {
  const { server, admission, source } = await open();
  const second = openHttp({ port: server.port, admission, source });
  await expect(second).rejects.toThrow(HttpError);
  await expect(second).rejects.toMatchObject({
    code: 'port-taken',
    message: expect.stringMatching(/port \d+ .*EADDRINUSE.*inspector\.port/),
  });
});

test('it listens on the loopback address alone', async () => {
  const { server } = await open();
  const outer = Object.values(networkInterfaces())
    .flat()
    .find((face) => face && !face.internal && face.family === 'IPv4');
  if (!outer) return;
  await expect(fetch(`http://${outer.address}:${server.port}/`)).rejects.toThrow();
});

function bound(server: PageServer): Pick<PageServer, 'get' | 'errors'> {
  return { get: server.get.bind(server), errors: server.errors };
}
