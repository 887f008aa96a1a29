import { afterEach, beforeEach, expect, test } from 'vitest';
import { PageServer } from './page-server.ts';

let page: PageServer;
let now = 0;
beforeEach(async () => {
  now = Date.now();
  page = await PageServer.open({ now: () => now });
});
afterEach(() => page.end());

const pathOf = (link: string) => new URL(link).pathname;
const noCookie = { cookie: undefined };

test('a link is for one browser, once: it becomes a cookie that no script and no other site can use', async () => {
  const link = page.server.link('/#stately');
  expect(link.startsWith(`http://${page.host}/open/`)).toBe(true);
  const answer = await page.get(pathOf(link), noCookie);
  expect(answer.status).toBe(303);
  expect(answer.headers['location']).toBe('/#stately');
  const [cookie = ''] = [answer.headers['set-cookie']].flat();
  const form = /^(orchestra-[0-9a-f]{12})=[\w-]{43}; Max-Age=86400; Path=\/; HttpOnly; SameSite=Strict$/;
  expect(form.exec(cookie)?.[1]).toBe(page.admission.cookieName);
  expect(cookie).not.toContain(page.secret);
  expect((await page.get('/api/settings', { cookie: cookie.split(';')[0] })).status).toBe(200);
  const again = await page.get(pathOf(link), noCookie);
  expect(again.status).toBe(403);
  expect(again.headers['set-cookie']).toBeUndefined();
  expect(again.body).toContain('orchestra inspect');
});

test('a link that is too old is refused', async () => {
  const link = page.server.link('/');
  now += 120_000;
  expect((await page.get(pathOf(link), noCookie)).status).toBe(403);
});

test('a browser that comes back within a day is let in for another day', async () => {
  const hours = 60 * 60_000;
  now += 23 * hours;
  const [cookie = ''] = [(await page.get('/api/settings')).headers['set-cookie']].flat();
  expect(cookie).toContain(`${page.cookie}; Max-Age=86400;`);
  now += 23 * hours;
  expect((await page.get('/api/settings')).status).toBe(200);
  now += 24 * hours;
  expect((await page.get('/api/settings')).status).toBe(403);
});

const elsewhere = ['cross-site', 'same-site'];
const clicked = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

test.each(elsewhere)(
  'a link followed from a %s page opens the page from within, where the browser shows the cookie',
  async (site) => {
    const headers = { ...noCookie, ...clicked, 'sec-fetch-site': site };
    const answer = await page.get(pathOf(page.server.link('/#replay?from=a&to=b')), headers);
    expect(answer.status).toBe(200);
    expect(answer.headers['set-cookie']).toBeDefined();
    expect(answer.body).toContain('<meta http-equiv="refresh" content="0;url=/#replay?from=a&amp;to=b">');
  },
);

test.each(elsewhere)(
  'a browser with the cookie gets from a %s page to ours, and to nothing else',
  async (site) => {
    const headers = { ...clicked, 'sec-fetch-site': site };
    expect((await page.get('/', headers)).body).not.toContain('other sites');
    expect((await page.get('/', { ...headers, ...noCookie })).body).toContain('needs a new link');
    for (const path of ['/api/settings', '/api/live', '/api/transitions'])
      expect((await page.get(path, headers)).status).toBe(403);
    const framed = { ...headers, 'sec-fetch-dest': 'iframe' };
    expect((await page.get('/', framed)).body).toContain('other sites');
  },
);

test('a browser that looks ahead does not use a link up', async () => {
  const path = pathOf(page.server.link('/'));
  expect((await page.get(path, { ...noCookie, 'sec-purpose': 'prefetch;prerender' })).status).toBe(403);
  expect((await page.get(path, noCookie)).status).toBe(303);
});

const paths = [
  '/',
  '/assets/x.js',
  '/charts/agent.svg',
  '/api/settings',
  '/api/live',
  '/api/transitions',
  '/nothing',
];

test.each(paths)('%s needs the cookie', async (path) => {
  const wrong = ['', `${page.admission.cookieName}=wrong`, `other=${page.secret}`];
  for (const cookie of [undefined, ...wrong]) {
    const answer = await page.get(path, { cookie });
    expect(answer.status).toBe(403);
    expect(answer.body).toContain('orchestra inspect');
  }
});

test.each([...paths, '/open/x'])(
  '%s is not served under a foreign name, which is DNS rebinding',
  async (path) => {
    const { port } = page.server;
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1',
      `127.0.0.1:${port + 1}`,
      `[::1]:${port}`,
    ])
      expect((await page.get(path, { host })).status).toBe(421);
  },
);

test('the other name of the loopback address will do', async () => {
  const host = `localhost:${page.server.port}`;
  expect((await page.get('/api/settings', { host, origin: `http://${host}` })).status).toBe(200);
});

test.each([...paths, '/open/x'])('%s is not served to a page of another origin', async (path) => {
  const { port } = page.server;
  const origins = [
    'https://evil.example',
    'null',
    `http://127.0.0.1:${port + 1}`,
    `https://127.0.0.1:${port}`,
  ];
  for (const origin of origins) {
    const answer = await page.get(path, { origin });
    expect(answer.status).toBe(403);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  }
  for (const site of elsewhere) expect((await page.get(path, { 'sec-fetch-site': site })).status).toBe(403);
});

test('a frame or an image of another site does not follow a link', async () => {
  const path = pathOf(page.server.link('/'));
  const crossSite = { ...noCookie, 'sec-fetch-site': 'cross-site' };
  const embedded = { ...crossSite, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' };
  const image = { ...crossSite, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' };
  for (const headers of [embedded, image]) expect((await page.get(path, headers)).status).toBe(403);
  expect((await page.get(path, noCookie)).status).toBe(303);
});

test('our own page and a typed address are served', async () => {
  for (const site of ['same-origin', 'none'])
    expect(
      (await page.get('/api/settings', { 'sec-fetch-site': site, origin: `http://${page.host}` })).status,
    ).toBe(200);
});

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'])('%s is not served', async (method) => {
  for (const path of ['/', '/api/live', '/open/x']) {
    const answer = await page.get(path, {}, method);
    expect(answer.status).toBe(405);
    expect(answer.headers['allow']).toBe('GET');
  }
  expect(page.tree.hub.size).toBe(5);
});

test('the browser is told to load nothing from elsewhere, to frame only the inspector, and to keep nothing', async () => {
  for (const path of ['/', '/api/settings', '/nothing', '/open/x']) {
    const { headers } = await page.get(path);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
        "frame-src https://inspector.example; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-resource-policy': 'same-origin',
    });
  }
});
