import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ask } from '../../src/client/ask.ts';
import { descendantsOf } from '../../src/supervision/tree-description.ts';
import { OrchestraProject } from '../daemon/orchestra-project.ts';
import { CannedOrchestra } from './canned-orchestra.ts';
import { chromiumPath, launchChromium, textOf, unlessChromium, WatchedPage } from './chromium.ts';
import { eventually } from './eventually.ts';
import { type Received, StubInspector } from './stub-inspector.ts';

const secret = 'sk-never-to-be-seen-0123456789';
const agents = {
  kaede: {
    title: 'カエデ',
    roles: ['codegen'],
    adapter: 'command',
    mode: 'kept',
    accept: 'none',
    command: ['cat'],
    environment: { API_TOKEN: secret },
  },
};

const actorsIn = (events: readonly Received[]) => events.filter(({ type }) => type === '@xstate.actor');

describe.skipIf(chromiumPath === undefined)(`the Stately view${unlessChromium}`, () => {
  let browser: Browser;
  let stub: StubInspector;
  let watched: WatchedPage;

  beforeAll(async () => {
    [browser, stub] = await Promise.all([launchChromium(), StubInspector.start()]);
  });
  afterAll(async () => {
    await browser?.close();
    stub?.close();
  });

  describe('with an inspector that answers', () => {
    let project: OrchestraProject;

    beforeAll(async () => {
      project = await OrchestraProject.create({ agents, config: { inspector: { url: stub.url } } });
      await project.up();
      await project.writeIssue('1-one', { title: 'One', body: `The key is not ${secret}.` });
      await project.fact(
        'the task under way',
        ({ name, about }) => name === 'task.accepted' && about === '1',
      );
    });
    afterAll(() => project?.remove());

    beforeEach(async () => {
      watched = await WatchedPage.open(browser);
      const { stdout } = await project.cli(['inspect', '--no-open', '--json']);
      await watched.page.goto(JSON.parse(stdout).url);
      await watched.page.getByRole('link', { name: 'Stately' }).click();
    });
    afterEach(() => watched.close());

    const received = async (): Promise<Received[]> => {
      const frame = stub.frameIn(watched.page);
      return frame ? stub.received(frame).catch(() => []) : [];
    };
    const isLive = () =>
      eventually(async () => actorsIn(await received()).length, 'the baseline has come').toBeGreaterThan(30);

    test('who comes late is told of every actor, parents first, and where each stands now', async () => {
      await isLive();
      await eventually(async () => {
        const tree = descendantsOf(await ask(project.bus, 'tree', {}));
        const events = await received();
        const last = new Map(events.map((event) => [event.sessionId, event]));
        const names = actorsIn(events).map(({ sessionId, name }) => [
          name,
          last.get(sessionId)?.snapshot?.value,
        ]);
        return tree.every(({ id, value }) =>
          names.some(([name, stands]) => name === id && JSON.stringify(stands) === JSON.stringify(value)),
        );
      }).toBe(true);
      const known = new Set<string>();
      for (const { sessionId, parentId, definition } of actorsIn(await received())) {
        if (parentId !== undefined) expect(known).toContain(parentId);
        expect(JSON.parse(definition ?? '')).toBeTypeOf('object');
        expect(known).not.toContain(sessionId);
        known.add(sessionId);
      }
    });

    test('what happens is told as it happens', async () => {
      await isLive();
      const before = new Set(actorsIn(await received()).map(({ sessionId }) => sessionId));
      await project.cli(['tree', 'kill', 'services/overview']);
      await eventually(async () =>
        actorsIn(await received()).some(
          ({ name, sessionId }) => name === 'overview' && !before.has(sessionId),
        ),
      ).toBe(true);
      const ended = (await received()).filter(
        ({ snapshot, sessionId }) => before.has(sessionId) && snapshot && snapshot.status !== 'active',
      );
      expect(ended).not.toEqual([]);
    });

    test('loaded anew, it is told everything once', async () => {
      await isLive();
      await stub.frameIn(watched.page)?.evaluate('globalThis.isOld = true; location.reload()');
      await eventually(() => stub.frameIn(watched.page)?.evaluate('globalThis.isOld ?? false')).toBe(false);
      await isLive();
      await project.cli(['tree', 'kill', 'services/overview']);
      await eventually(async () =>
        (await received()).some(({ snapshot }) => snapshot?.status === 'stopped'),
      ).toBe(true);
      const sessions = actorsIn(await received()).map(({ sessionId }) => sessionId);
      expect(sessions.length).toBe(new Set(sessions).size);
    });

    test('nothing of ours and no secret is in it', async () => {
      await isLive();
      const events = await received();
      expect(events.filter((event) => 'orchestra' in event)).toEqual([]);
      const frame = stub.frameIn(watched.page);
      expect(await frame?.evaluate('JSON.stringify(globalThis.received)')).not.toContain(secret);
    });

    test('in a window of its own it is told as well, and comes back', async () => {
      await isLive();
      const { page } = watched;
      const [popup] = await Promise.all([
        page.waitForEvent('popup'),
        page.getByRole('button', { name: 'Open in a window' }).click(),
      ]);
      await eventually(async () => actorsIn(await stub.received(popup)).length).toBeGreaterThan(30);
      expect(stub.frameIn(page)).toBeUndefined();
      await page.getByRole('button', { name: 'Bring it back' }).click();
      await isLive();
      await eventually(() => popup.isClosed()).toBe(true);
    });

    test('the page says who is given what', async () => {
      await eventually(() => textOf(watched.page.locator('.privacy'))).toContain(stub.origin);
    });
  });

  describe('with an orchestra that begins anew', () => {
    test('the inspector is loaded anew and told only what is there now', async () => {
      const orchestra = new CannedOrchestra({ inspectorUrl: stub.url });
      watched = await WatchedPage.open(browser);
      try {
        await watched.page.goto(await orchestra.open('/#stately'));
        const told = async () => {
          const frame = stub.frameIn(watched.page);
          return frame ? actorsIn(await stub.received(frame).catch(() => [])).map(({ name }) => name) : [];
        };
        await eventually(async () => (await told()).length).toBe(orchestra.machines.length);
        orchestra.machines.splice(5);
        orchestra.tellAnew();
        await eventually(told).toEqual(
          orchestra.baseline().flatMap((event) => ('name' in event ? [event.name] : [])),
        );
      } finally {
        await watched.close();
        await orchestra.close();
      }
    });
  });

  describe('with an inspector that cannot be reached', () => {
    let orchestra: CannedOrchestra;
    let link: string;
    /** Turns everyone away; a port that nobody holds might become another's. */
    let closed: Server;

    beforeEach(async () => {
      closed = createServer((socket) => socket.destroy());
      await once(closed.listen(0, '127.0.0.1'), 'listening');
      const { port } = closed.address() as AddressInfo;
      orchestra = new CannedOrchestra({ inspectorUrl: `http://127.0.0.1:${port}/inspect` });
      link = await orchestra.open();
      watched = await WatchedPage.open(browser);
    });
    afterEach(async () => {
      await watched.close();
      await orchestra.close();
      closed.close();
    });

    test('the page says so and leads back to the offline view', async () => {
      const { page } = watched;
      await page.goto(link);
      await page.getByRole('link', { name: 'Stately' }).click();
      await eventually(() => textOf(page.getByRole('alert'))).toContain('cannot reach the inspector');
      await page.getByRole('link', { name: 'Offline view' }).click();
      await eventually(() => page.locator('.card .state.active').count()).toBeGreaterThan(10);
    });

    test('a stranger who says the word of the inspector is told nothing', async () => {
      const { page } = watched;
      await page.goto(link);
      await page.getByRole('link', { name: 'Stately' }).click();
      await page.locator('.stately').waitFor();
      await page.evaluate(`new Promise((resolve) => {
        addEventListener('message', resolve, { once: true });
        postMessage({ type: '@statelyai.connected' }, '*');
      })`);
      await eventually(() => page.locator('.stately').getAttribute('data-inspector')).toBe('silent');
      expect(orchestra.viewers, 'only the page itself listens').toBe(1);
    });
  });
});
