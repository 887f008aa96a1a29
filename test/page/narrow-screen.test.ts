import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CannedOrchestra } from './canned-orchestra.ts';
import { chromiumPath, launchChromium, textOf, unlessChromium, WatchedPage } from './chromium.ts';
import { eventually } from './eventually.ts';

const agents = [{ name: 'kaede', symbol: '🎹', title: 'カエデ' }];
const work = 'ensemble/agents/agent:kaede/work';

describe.skipIf(chromiumPath === undefined)(`on a narrow screen${unlessChromium}`, () => {
  let browser: Browser;
  let orchestra: CannedOrchestra;
  let watched: WatchedPage;

  beforeAll(async () => {
    browser = await launchChromium();
    orchestra = new CannedOrchestra({ agents });
    watched = await WatchedPage.open(browser, { viewport: { width: 390, height: 844 } });
    await watched.page.goto(await orchestra.open());
  });
  afterAll(async () => {
    await watched?.close();
    await orchestra?.close();
    await browser?.close();
  });

  test('tree, charts and events come one at a time, and none is wider than the screen', async () => {
    const { page } = watched;
    await page.locator('.card .chart').first().waitFor();
    const isNoWider = () => page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth');
    expect(await page.locator('.tree').isVisible()).toBe(false);
    expect(await isNoWider()).toBe(true);
    await page.getByRole('button', { name: 'Tree' }).click();
    expect(await page.locator('.card').first().isVisible()).toBe(false);
    expect(await isNoWider()).toBe(true);
    await page.locator(`.tree-row[data-path="${work}"]`).click();
    await eventually(() => watched.lit('.sheet'), 'a choice in the tree leads to the chart').toEqual([
      'agent',
      'agent.idle',
    ]);
    orchestra.move(work, 'xstate.done.actor.awaitAssignment', { working: 'preparing' }, [
      'agent.idle|xstate.done.actor.awaitAssignment|0',
    ]);
    await eventually(() => watched.lit('.sheet')).toContain('agent.working.preparing');
    await page.getByRole('button', { name: 'Events' }).click();
    await eventually(() => textOf(page.locator('.log-row'))).toMatch(
      /🎹 kaede › work[\s\S]*working\.preparing/,
    );
    expect(await isNoWider()).toBe(true);
  });

  test('who wants no movement gets none', async () => {
    const { page } = watched;
    await page.getByRole('button', { name: 'Charts' }).click();
    const flash = page.locator('.sheet .transition.flash');
    const animation = () =>
      flash.evaluate((edge): string => edge.ownerDocument.defaultView.getComputedStyle(edge).animationName);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    orchestra.move(work, 'xstate.done.actor.prepareWork', { working: 'submitting' }, [
      'agent.working.preparing|xstate.done.actor.prepareWork|1',
    ]);
    await eventually(() => watched.taken('.sheet')).toEqual([
      'agent.working.preparing|xstate.done.actor.prepareWork|1',
    ]);
    expect(await animation()).toBe('none');
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    orchestra.move(work, 'xstate.done.actor.submitWork', { working: 'performing' }, [
      'agent.working.submitting|xstate.done.actor.submitWork|0',
    ]);
    await eventually(() => watched.taken('.sheet')).toEqual([
      'agent.working.submitting|xstate.done.actor.submitWork|0',
    ]);
    expect(await animation(), 'else the last transition flashes').toBe('flash');
  });
});
