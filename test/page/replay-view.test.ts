import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { activeStates } from '../../src/charts/chart.ts';
import type { Transition } from '../../src/inspection/transition.ts';
import { OrchestraProject } from '../daemon/orchestra-project.ts';
import { CannedOrchestra } from './canned-orchestra.ts';
import { chromiumPath, launchChromium, textOf, unlessChromium, WatchedPage } from './chromium.ts';
import { eventually } from './eventually.ts';

const work = 'ensemble/agents/agent:kaede/work';

describe.skipIf(chromiumPath === undefined)(`the replay view${unlessChromium}`, () => {
  let browser: Browser;
  let watched: WatchedPage;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    watched = await WatchedPage.open(browser);
  });
  afterEach(() => watched.close());

  const position = () => watched.page.getByRole('slider');
  const go = async (count: number) => {
    await position().fill(String(count));
  };

  describe('of what a daemon has recorded', () => {
    let project: OrchestraProject;
    let begin: string;

    beforeAll(async () => {
      const command = ['sh', '-c', 'echo done > out.txt; git add -A; git commit -qm work'];
      begin = new Date(Date.now() - 60_000).toISOString();
      project = await OrchestraProject.create({
        agents: { kaede: { roles: ['codegen'], adapter: 'command', command } },
        issues: { '1-one': { title: 'One' } },
      });
      await project.up();
      await project.fact('the task done', ({ name, about }) => name === 'task.completed' && about === '1');
    });
    afterAll(() => project?.remove());

    async function link(): Promise<string> {
      const { stdout } = await project.cli(['inspect', '--no-open', '--json']);
      return JSON.parse(stdout).url;
    }

    test('the slider leads through the states that were', async () => {
      const { page } = watched;
      await page.goto(await link());
      const origin = new URL(page.url()).origin;
      let transitions: Transition[] = [];
      await eventually(async () => {
        const response = await page
          .context()
          .request.get(`${origin}/api/transitions?from=${begin}&limit=20000`);
        transitions = (await response.json()).transitions;
        return transitions.filter(({ path }) => path === work).map(({ to }) => JSON.stringify(to));
      }).toEqual(expect.arrayContaining(['{"working":"performing"}', '{"working":{"recording":"going"}}']));
      await page.goto(`${origin}/#replay?from=${begin}&chart=${encodeURIComponent(work)}`);
      await position().waitFor();
      const steps = transitions.flatMap(({ path, to, edges }, index) =>
        path === work ? [{ index, to, edges }] : [],
      );
      for (const { index, to, edges } of [...steps, ...steps.toReversed()]) {
        await go(index + 1);
        await eventually(() => watched.lit('.sheet')).toEqual(activeStates({ id: 'agent' }, to));
        expect(await watched.taken('.sheet')).toEqual(edges);
        expect(await textOf(page.locator('.log-row[aria-current]'))).toContain('kaede › work');
      }
    });

    test('another time is chosen by the form', async () => {
      const { page } = watched;
      await page.goto(`${await link()}`);
      await page.goto(
        `${new URL(page.url()).origin}/#replay?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z`,
      );
      await eventually(() => textOf(page.locator('main'))).toContain('Nothing was recorded in this time');
      await page.getByLabel('Agent').fill('kaede');
      await page.getByRole('button', { name: '1 h', exact: true }).click();
      await position().waitFor();
      expect(page.url()).toContain('agent=kaede');
      const names = await page.locator('.log-who').allTextContents();
      expect(names.filter((name) => !name.includes('kaede'))).toEqual([]);
    });
  });

  describe('of a recording made for it', () => {
    const begin = Date.parse('2026-11-22T18:00:00Z');
    const states = [
      'idle',
      { working: 'preparing' },
      { working: 'performing' },
      { working: { recording: 'going' } },
    ];

    /** An agent that goes round and round, a step each 10 ms. */
    function round(count: number): Transition[] {
      return Array.from({ length: count }, (_, index) => ({
        at: begin + index * 10,
        path: work,
        machine: 'agent',
        life: 'x:1',
        event: 'go',
        from: states[index % states.length] ?? null,
        to: states[(index + 1) % states.length] ?? 'idle',
        status: 'active',
        edges: [],
      }));
    }

    let orchestra: CannedOrchestra;
    // Not before the page is gone: it would tell of the broken connection.
    afterAll(() => orchestra?.close());

    async function open(count: number): Promise<void> {
      await orchestra?.close();
      orchestra = new CannedOrchestra({ transitions: round(count) });
      const query = `from=${new Date(begin).toISOString()}&chart=${encodeURIComponent(work)}`;
      await watched.page.goto(await orchestra.open(`/#replay?${query}`));
      await position().waitFor();
    }

    const inState = (index: number) =>
      eventually(() => watched.lit('.sheet')).toEqual(
        activeStates({ id: 'agent' }, states[index % states.length] ?? 'idle'),
      );

    test('arrow keys and buttons step', async () => {
      await open(12);
      const { page } = watched;
      await inState(0);
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await inState(2);
      await page.getByRole('button', { name: 'Step back' }).click();
      await inState(1);
      await page.getByRole('button', { name: 'To the end' }).click();
      await inState(12);
      expect(await position().inputValue()).toBe('12');
      await page.locator('.log-row').nth(2).click();
      await inState(3);
    });

    test('played, it comes to its end by itself, and begins again', async () => {
      await open(40);
      const { page } = watched;
      await page.getByRole('button', { name: 'Play' }).click();
      await eventually(() => position().inputValue()).toBe('40');
      await inState(40);
      await page.getByLabel('Speed').selectOption('1');
      await page.getByRole('button', { name: 'Play' }).click();
      await eventually(async () => Number(await position().inputValue())).toBeLessThan(40);
    });

    test('of 20,000 transitions only the rows in sight are in the page, wherever it stands', async () => {
      await open(20_500);
      const { page } = watched;
      await eventually(() => textOf(page.locator('.note'))).toContain('first 20,000');
      for (const count of [20_000, 9_999, 1]) {
        await go(count);
        await inState(count);
        expect(await page.locator('.log-row[aria-current]').count()).toBe(1);
        expect(await page.locator('.log-row').count()).toBeLessThan(80);
      }
    });
  });
});
