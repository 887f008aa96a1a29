import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { activeStates } from '../../src/charts/chart.ts';
import type { Transition } from '../../src/inspection/transition.ts';
import type { RecordedTransition } from '../../src/journal/journal-page.ts';
import { OrchestraProject } from '../daemon/orchestra-project.ts';
import { CannedOrchestra } from './canned-orchestra.ts';
import { chromiumPath, launchChromium, textOf, unlessChromium, WatchedPage } from './chromium.ts';
import { eventually } from './eventually.ts';

const pathOf = (id: string) => `ensemble/agents/agent:kaede/${id}`;
const work = pathOf('work');

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
    }, 120_000);

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
    function round(count: number): RecordedTransition[] {
      const steps = Array.from({ length: count }, (_, index) =>
        step({
          at: begin + index * 10,
          from: states[index % states.length] ?? null,
          to: states[(index + 1) % states.length] ?? 'idle',
        }),
      );
      const pane = step({ path: pathOf('pane'), machine: 'pane', life: 'x:2', to: 'open' });
      return steps.map((one, index) =>
        index === 0 ? { ...one, standing: [step({ to: 'idle' }), pane] } : one,
      );
    }

    function step(given: Partial<RecordedTransition>): RecordedTransition {
      const place = { path: work, machine: 'agent', life: 'x:1', boot: 'one', node: 'local' };
      return {
        at: begin,
        ...place,
        event: 'go',
        from: null,
        to: 'idle',
        status: 'active',
        edges: [],
        ...given,
      };
    }

    let orchestra: CannedOrchestra;
    // Not before the page is gone: it would tell of the broken connection.
    afterAll(() => orchestra?.close());

    async function open(transitions: readonly RecordedTransition[]): Promise<void> {
      await orchestra?.close();
      orchestra = new CannedOrchestra({ transitions });
      const query = `from=${new Date(begin).toISOString()}&chart=${encodeURIComponent(work)}`;
      await watched.page.goto(await orchestra.open(`/#replay?${query}`));
      await position().waitFor();
    }

    const inState = (index: number) =>
      eventually(() => watched.lit('.sheet')).toEqual(
        activeStates({ id: 'agent' }, states[index % states.length] ?? 'idle'),
      );

    test('arrow keys and buttons step', async () => {
      await open(round(12));
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

    test('from the first moment on everything is where it stood, and what lives later is not started', async () => {
      const late = step({
        at: begin + 100,
        path: pathOf('mailbox'),
        machine: 'mailbox',
        life: 'x:3',
        to: { reading: 'empty' },
      });
      await open([
        ...round(2),
        late,
        { ...late, at: begin + 200, status: 'error' },
        step({ at: begin + 300 }),
      ]);
      const { page } = watched;
      await page.getByRole('link', { name: 'kaede' }).click();
      const card = (id: string) => page.locator(`.card[data-path="${pathOf(id)}"]`);
      const shown = async () => [
        await watched.lit(`.card[data-path="${pathOf('pane')}"]`),
        await textOf(card('mailbox').locator('.badge')),
      ];
      const lit = ['pane', 'pane.open'];
      for (const [count, mailbox] of [
        [0, 'not started'],
        [3, 'reading.empty'],
        [4, 'failed'],
        [5, 'ended'],
      ] as const) {
        await go(count);
        await eventually(shown).toEqual([lit, mailbox]);
      }
      expect(await page.locator('.tree-row[data-state="ended"]').count()).toBe(1);
    });

    test('a gap is told of, in the list and on the slider, and what stands after it is shown', async () => {
      const gap = { missing: 12, standing: [step({ to: { working: 'preparing' } })] };
      await open(round(3).map((one, index) => (index === 1 ? { ...one, ...gap } : one)));
      const { page } = watched;
      expect(await textOf(page.locator('.note'))).toContain('12 transitions are missing, at one place');
      expect(await page.locator('.density .gap').count()).toBe(1);
      expect(await textOf(page.locator('.log-row').nth(1))).toContain('12 transitions are missing here');
      await page.getByRole('link', { name: 'kaede' }).click();
      await go(2);
      await eventually(() => textOf(page.locator(`.card[data-path="${pathOf('pane')}"] .badge`))).toBe(
        'ended',
      );
    });

    test('played, it comes to its end by itself, and begins again', async () => {
      // At its own pace 40 s: it is still under way when it is looked at, on a machine that stalls too.
      await open(round(4_000));
      const { page } = watched;
      await page.getByLabel('Speed').selectOption('100');
      await page.getByRole('button', { name: 'Play' }).click();
      await eventually(() => position().inputValue()).toBe('4000');
      await inState(4_000);
      await page.getByLabel('Speed').selectOption('1');
      await page.getByRole('button', { name: 'Play' }).click();
      await eventually(async () => Number(await position().inputValue())).toBeLessThan(4_000);
    });

    test('of 20,000 transitions only the rows in sight are in the page, wherever it stands', async () => {
      await open(round(20_500));
      const { page } = watched;
      await eventually(() => textOf(page.locator('.note'))).toContain('first 20,000');
      for (const count of [20_000, 9_999, 1]) {
        await go(count);
        await inState(count);
        await eventually(() => page.locator('.log-row[aria-current]').count(), 'scrolled to').toBe(1);
        expect(await page.locator('.log-row').count()).toBeLessThan(80);
      }
    });
  });
});
