import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CannedOrchestra } from './canned-orchestra.ts';
import { chromiumPath, launchChromium, unlessChromium, WatchedPage } from './chromium.ts';
import { eventually } from './eventually.ts';

const bus = 'broker/bus';

describe.skipIf(chromiumPath === undefined)(`a page that is hidden${unlessChromium}`, () => {
  let browser: Browser;
  let orchestra: CannedOrchestra;
  let watched: WatchedPage;

  beforeAll(async () => {
    browser = await launchChromium();
    orchestra = new CannedOrchestra();
    watched = await WatchedPage.open(browser);
    await watched.page.clock.install();
    await watched.page.goto(await orchestra.open());
  });
  afterAll(async () => {
    await watched?.close();
    await orchestra?.close();
    await browser?.close();
  });

  /** As a browser tells it of a tab that is left or returned to. */
  const turn = (hidden: boolean) =>
    watched.page.evaluate(
      `Object.defineProperty(document, 'hidden', { get: () => ${hidden}, configurable: true });
       document.dispatchEvent(new Event('visibilitychange'));`,
    );

  test('gives its connection back after a while, and is up to date again as soon as it is seen', async () => {
    await eventually(() => watched.lit(`.card[data-path="${bus}"]`)).toContain('resource.open');
    // From here on only the test lets time pass, however long it takes itself.
    await watched.page.clock.pauseAt(Date.now() + 60_000);
    await turn(true);
    await watched.page.clock.runFor(20_000);
    expect(orchestra.viewers, 'for a short while it stays').toBe(1);
    await watched.page.clock.runFor(20_000);
    await eventually(() => orchestra.viewers).toBe(0);
    orchestra.move(bus, 'shutdown', 'closing');
    await watched.page.clock.resume();
    await turn(false);
    await eventually(() => watched.lit(`.card[data-path="${bus}"]`)).toContain('resource.closing');
    expect(orchestra.viewers).toBe(1);
  });

  test('returned to at once it has missed nothing', async () => {
    await turn(true);
    await turn(false);
    await watched.page.clock.runFor(60_000);
    expect(orchestra.viewers).toBe(1);
  });
});
