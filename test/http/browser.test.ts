/** The ways into the page that only a real browser can tell: what it says of where a link was followed, and its cookies. */
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeRedirectFile } from '../../src/cli/inspect/redirect-file.ts';
import { chromiumPath, launchChromium, unlessChromium } from '../page/chromium.ts';
import { PageServer } from './page-server.ts';

describe.skipIf(chromiumPath === undefined)(`in a browser${unlessChromium}`, () => {
  let folder: string;
  let server: PageServer;
  let browser: Browser;
  /** Shows a link, as any program on this machine may. */
  let other: Server;
  let shown = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'page-'));
    await mkdir(join(folder, 'dist/page'), { recursive: true });
    await writeFile(join(folder, 'dist/page/index.html'), '<!doctype html><title>our page</title>');
    server = await PageServer.open({ packageRoot: folder });
    other = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end(`<a href="${shown}">link</a>`);
    });
    await once(other.listen(0, '127.0.0.1'), 'listening');
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    other.close();
    await server.end();
    await rm(folder, { recursive: true });
  });

  const isOurs = async (page: Page) => {
    await page.waitForURL(`http://${server.host}/#x`);
    expect(await page.title()).toBe('our page');
  };

  /** Follows a link on another port, under a name of this machine. */
  const follow = async (page: Page, name: string, link: string) => {
    shown = link;
    await page.goto(`http://${name}:${(other.address() as AddressInfo).port}/`);
    await page.click('a');
  };

  test('a link on another port of our address leads to the page, and so does the address from then on', async () => {
    const page = await browser.newPage();
    await follow(page, '127.0.0.1', server.server.link('/#x'));
    await isOurs(page);
    await follow(page, '127.0.0.1', `http://${server.host}/#x`);
    await isOurs(page);
    await page.close();
  });

  test('a link on another site leads to the page; there, a browser does not show the cookie to the bare address', async () => {
    const page = await browser.newPage();
    await follow(page, 'localhost', server.server.link('/#x'));
    await isOurs(page);
    await follow(page, 'localhost', `http://${server.host}/#x`);
    expect(await page.textContent('h1')).toContain('needs a new link');
    await page.close();
  });

  test('the file that a browser is started with leads to the page', async () => {
    const page = await browser.newPage();
    const file = await writeRedirectFile(folder, server.server.link('/#x'));
    await page.goto(pathToFileURL(file).href);
    await isOurs(page);
    await page.close();
  });
});
