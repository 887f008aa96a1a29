import { randomInt } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { activeStates } from '../../src/charts/chart.ts';
import { ask } from '../../src/client/ask.ts';
import { descendantsOf } from '../../src/supervision/tree-description.ts';
import { OrchestraProject } from '../daemon/orchestra-project.ts';
import { chromiumPath, launchChromium, textOf, unlessChromium, WatchedPage } from './chromium.ts';
import { eventually } from './eventually.ts';

const kaede = 'ensemble/agents/agent:kaede';
const work = `${kaede}/work`;

const agents = {
  /** Works until the file `go` stands in its folder. */
  kaede: {
    title: 'カエデ',
    symbol: '🎹',
    roles: ['codegen'],
    adapter: 'command',
    command: [
      'sh',
      '-c',
      'until [ -e "$ORCHESTRA_FOLDER/go" ]; do sleep 0.02; done; echo done > out.txt; git add -A; git commit -qm work',
    ],
  },
  sakura: {
    title: 'サクラ',
    symbol: '🎺',
    roles: ['other'],
    adapter: 'command',
    mode: 'kept',
    accept: 'none',
    command: ['cat'],
  },
};

describe.skipIf(chromiumPath === undefined)(`the offline view${unlessChromium}`, () => {
  let browser: Browser;
  let project: OrchestraProject;
  let watched: WatchedPage;
  /** What the page is allowed to tell of. */
  let expected: RegExp | undefined;

  beforeAll(async () => {
    browser = await launchChromium();
    project = await OrchestraProject.create({ agents, config: { inspector: { port: await freePort() } } });
    await project.up();
  });
  afterAll(async () => {
    await browser?.close();
    await project?.remove();
  });

  beforeEach(async () => {
    expected = undefined;
    watched = await WatchedPage.open(browser);
    await watched.page.goto(await link());
  });
  afterEach(() => watched.close(expected));

  async function link(): Promise<string> {
    const { stdout } = await project.cli(['inspect', '--no-open', '--json']);
    return JSON.parse(stdout).url;
  }

  const place = (path: string) => `[data-path="${path}"]`;

  /** The workers of the tree, with the states that their charts should light. */
  async function expectedStates(): Promise<Record<string, string[]>> {
    const tree = await ask(project.bus, 'tree', {});
    const workers = descendantsOf(tree).filter(({ type }) => type === 'worker');
    const lit = workers.map(async ({ path, value }): Promise<[string, string[]]> => {
      const machine = await watched.page.locator(`.card${place(path)} .chart`).getAttribute('data-machine');
      return [path, value === null || machine === null ? [] : activeStates({ id: machine }, value)];
    });
    return Object.fromEntries(await Promise.all(lit));
  }

  test('every machine that lives is drawn, lit where it stands', async () => {
    await eventually(async () => {
      const states = await expectedStates();
      const shown = Object.keys(states).map(async (path) => [path, await watched.lit(`.card${place(path)}`)]);
      return [Object.fromEntries(await Promise.all(shown)), states];
    }).toSatisfy(
      ([shown, states]) =>
        JSON.stringify(shown) === JSON.stringify(states) && Object.keys(states).length > 15,
    );
    await eventually(() => watched.lit(`.card${place(kaede)}`)).toContain('supervisor.running');
    const inner = watched.page.locator(`.card${place('services/watchdog/eye:kaede')}`);
    await eventually(() => inner.count(), 'a machine that a child runs itself').toBe(1);
  });

  test('the tree tells strategy, restarts and states, and is walked with the keyboard', async () => {
    const { page } = watched;
    const row = page.getByRole('treeitem', { name: /kaede/ });
    await eventually(() => textOf(row.first())).toMatch(/🎹\s*kaede\s*カエデ[\s\S]*rest_for_one\s*0\/\d/);
    await page.locator(`.tree-row${place('')}`).focus();
    await page.keyboard.press('k');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await eventually(() => textOf(page.locator('h1'))).toBe('session');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await eventually(() => page.locator(`.tree-row${place(kaede)}`).getAttribute('aria-expanded')).toBe(
      'false',
    );
    expect(await page.locator(`.tree-row${place(work)}`).count()).toBe(0);
  });

  test('an agent takes up a task and ends it: chart, context and events follow', async () => {
    const { page } = watched;
    await page.locator(`.tree-row${place(work)}`).click();
    await eventually(() => watched.lit('.sheet')).toEqual(['agent', 'agent.idle']);
    await project.writeIssue('1-one', { title: 'One' });
    await eventually(() => watched.lit('.sheet')).toEqual([
      'agent',
      'agent.working',
      'agent.working.performing',
    ]);
    expect(await watched.taken('.sheet')).toEqual([
      'agent.working.submitting|xstate.done.actor.submitWork|1',
    ]);
    await eventually(() => textOf(page.locator('.about'))).toMatch(/task:? "1"/);
    await eventually(() => page.locator('.log-row').allTextContents()).toContainEqual(
      expect.stringMatching(/kaede › work\s*done: submitWork[\s\S]*working\.performing/),
    );
    await page.reload();
    await eventually(() => watched.lit('.sheet'), 'the same after a reload').toContain(
      'agent.working.performing',
    );
    await writeFile(`${project.state.agent('kaede')}/go`, '');
    await eventually(() => watched.lit('.sheet')).toEqual(['agent', 'agent.idle']);
  });

  test('a child that is killed is seen to come back, and its supervisor to count it', async () => {
    const { page } = watched;
    const path = 'ensemble/agents/agent:sakura/session';
    await page.locator(`.tree-row${place(path)}`).click();
    await eventually(() => watched.lit('.sheet')).toEqual(['session', 'session.open']);
    await page.getByText('Selected', { exact: true }).click();
    await project.cli(['tree', 'kill', path]);
    await eventually(() => textOf(page.locator(`.tree-row${place('ensemble/agents/agent:sakura')}`))).toMatch(
      /1\/\d/,
    );
    await eventually(() => textOf(page.locator('.about'))).toMatch(/Restarted\s*once/);
    await eventually(() => watched.lit('.sheet')).toEqual(['session', 'session.open']);
    await eventually(async () => (await page.locator('.log-row').allTextContents()).join('\n')).toMatch(
      /session\s*start/,
    );
    const others = (await page.locator('.log-row').allTextContents()).filter(
      (row) => !row.includes('session'),
    );
    expect(others, 'only of what is selected').toEqual([]);
  });

  test('what the clock does in vain is left out of the events until it is asked for', async () => {
    const { page } = watched;
    const rounds = page.locator('.log-row', { hasText: 'after interval' });
    await page.getByLabel('Routine').check();
    await eventually(() => rounds.count()).toBeGreaterThan(1);
    await page.getByLabel('Routine').uncheck();
    await eventually(() => rounds.count()).toBe(0);
  });

  test('the log waits while it is paused', async () => {
    const { page } = watched;
    await eventually(() => textOf(page.getByRole('status')), 'from here on it hears of everything').toBe(
      'live',
    );
    await page.getByRole('button', { name: 'Pause' }).click();
    const shown = await page.locator('.log-row').count();
    await project.cli(['tree', 'kill', 'services/overview']);
    await eventually(() => page.getByRole('button', { name: /Resume \(\d+ new\)/ }).count()).toBe(1);
    expect(await page.locator('.log-row').count()).toBe(shown);
    await page.getByRole('button', { name: /Resume/ }).click();
    await eventually(() => page.locator('.log-row').count()).toBeGreaterThan(shown);
  });

  test('nothing is asked of anybody else', async () => {
    const { page } = watched;
    await eventually(() => page.locator('.card .state.active').count()).toBeGreaterThan(15);
    for (const hash of [`#chart/${work}`, '#replay', '#live/']) {
      await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
      await eventually(() => textOf(page.locator('main'))).not.toBe('');
    }
    expect([...watched.origins]).toEqual([new URL(page.url()).origin]);
  });

  test('a daemon that goes is told of, and after its restart what to do', async () => {
    const { page } = watched;
    expected =
      /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|403 \(Forbidden\)/;
    await eventually(async () => {
      const [charts, drawn] = await Promise.all(
        ['.card .chart', '.card .statechart'].map((one) => page.locator(one).count()),
      );
      return charts === drawn ? drawn : 0;
    }, 'every chart is drawn').toBeGreaterThan(15);
    project.daemon.kill('SIGTERM');
    await project.daemon.ended;
    await eventually(() => textOf(page.getByRole('alert'))).toContain('away since');
    expect(await page.locator('.card .state.active').count(), 'what was seen stays').toBeGreaterThan(15);
    await project.up();
    await eventually(() => textOf(page.getByRole('alert'))).toMatch(
      /no longer holds[\s\S]*orchestra inspect/,
    );
    await page.goto(await link());
    await eventually(() => textOf(page.getByRole('status'))).toBe('live');
    expect(await page.getByRole('alert').count()).toBe(0);
  }, 120_000);
});

/** One that stays free while the daemon is away: below those that the kernel gives out by itself (ip(7)). */
async function freePort(): Promise<number> {
  const port = randomInt(12_000, 32_000);
  const server = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (!isFree) return freePort();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
