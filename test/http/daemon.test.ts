/** The page of a real daemon: from the link that `orchestra inspect` prints to the end of the daemon. */
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { OrchestraProject } from '../daemon/orchestra-project.ts';
import { waitUntil } from '../daemon/wait-until.ts';
import { LiveReader } from './live-reader.ts';

// Each waits for the daemon and several calls of the CLI, one after another: many times as long on a loaded machine.
vi.setConfig({ testTimeout: 120_000 });

const secret = 'S3CR3T-value-0001';

let project: OrchestraProject;
let reader: LiveReader | undefined;
beforeEach(async () => {
  project = await OrchestraProject.create({
    agents: {
      kaede: {
        roles: ['codegen'],
        adapter: 'command',
        command: ['sh', '-c', 'sleep 0.2; exit 1'],
        environment: { MY_API_KEY: secret },
      },
    },
    issues: { '1-one': { title: 'One', body: `the password=${secret} is not for you` } },
    config: { inspector: { url: 'https://inspector.example/inspect' } },
  });
});
afterEach(async () => {
  reader?.close();
  await project.remove();
});

/** As a browser that follows the link. */
async function enter(): Promise<{ origin: string; cookie: string }> {
  const { stdout } = await project.cli(['inspect', '--json']);
  const url = new URL(JSON.parse(stdout).url);
  const answer = await fetch(url, { redirect: 'manual' });
  expect(answer.status).toBe(303);
  expect((await fetch(url, { redirect: 'manual' })).status).toBe(403);
  return { origin: url.origin, cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
}

async function watch({ origin, cookie }: { origin: string; cookie: string }): Promise<LiveReader> {
  reader = await LiveReader.open(`${origin}/api/live`, cookie);
  return reader;
}

test('an open page sees the agents at work and no secret, and does not hold up the end of the daemon', async () => {
  await project.up();
  const { origin, cookie } = await enter();
  const live = await watch({ origin, cookie });
  const ask = async <T>(path: string) =>
    (await (await fetch(`${origin}${path}`, { headers: { cookie } })).json()) as T;
  const settings = await ask<{ boot: string }>('/api/settings');
  expect(settings).toMatchObject({ node: 'local', inspectorUrl: 'https://inspector.example/inspect' });
  await waitUntil('the greeting', () => live.named('hello').length > 0);
  expect(live.named('hello')).toEqual([{ boot: settings.boot }]);
  await live.message(({ orchestra: { path, machine } }) => /agent:kaede/.test(path) && machine === 'agent');
  await project.fact('the end of the task', ({ name }) => name === 'task.failed');
  await waitUntil('the tree', () => live.named('tree').length > 0);
  expect(JSON.stringify(live.named('tree'))).toContain('ensemble/agents/agent:kaede/pane');
  const recorded = await waitUntil('the journal', async () => {
    const from = encodeURIComponent(new Date(Date.now() - 600_000).toISOString());
    const { transitions } = await ask<{ transitions: object[] }>(`/api/transitions?from=${from}&agent=kaede`);
    return transitions.length > 0 && transitions;
  });
  expect(recorded[0]).toMatchObject({ path: expect.stringContaining('kaede'), from: null });
  await project.cli(['down']);
  await live.ended;
  expect(await project.daemon.ended).toMatchObject({ exitCode: 0 });
  expect(project.facts.filter(({ body }) => body['reason'] === 'killed')).toEqual([]);
  expect(live.bytes).not.toContain(secret);
  expect(JSON.stringify(recorded)).not.toContain(secret);
});

test('a page that was open goes on when its server is killed and restarted', async () => {
  await project.up();
  const place = await enter();
  const first = await watch(place);
  await project.cli(['tree', 'kill', 'services/http']);
  await first.ended;
  const second = await waitUntil('the page to be back', () => watch(place).catch(() => undefined));
  await second.message(({ orchestra }) => orchestra.path === 'services/http');
  expect(second.named('hello')).toEqual(first.named('hello'));
});

test('a fixed port that another program has taken holds nobody up, and is said', async () => {
  const { createServer } = await import('node:net');
  const other = createServer();
  const port = await new Promise<number>((resolve) => {
    other.listen(0, '127.0.0.1', () => {
      const address = other.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  await project.writeConfig({
    state: 'state',
    repository: 'repository',
    agents: { kaede: { roles: ['codegen'], adapter: 'command', command: ['true'] } },
    flow: ['codegen'],
    inspector: { port },
  });
  await project.up();
  const note = new RegExp(`^inspector.port ${port} cannot be used: the page is on (\\d+) until a restart.$`);
  const told = JSON.parse((await project.cli(['inspect', '--json'])).stdout);
  expect(note.exec(told.note)?.[1]).toBe(new URL(told.url).port);
  expect((await project.cli(['inspect', '--no-open'])).stderr).toMatch(note);
  expect((await fetch(told.url, { redirect: 'manual' })).status).toBe(303);
  const log = await readFile(project.state.logFile, 'utf8');
  expect(log).toContain(`port ${port} for the page of \`orchestra inspect\` cannot be used`);
  // Killed, it stays where its pages are.
  await project.cli(['tree', 'kill', 'services/http']);
  const again = await waitUntil('the page to be back', () =>
    project.cli(['inspect', '--json']).then(
      ({ stdout }) => JSON.parse(stdout),
      () => undefined,
    ),
  );
  expect(again.note).toBe(told.note);
  other.close();
});

test('a browser is started with a file that only its owner can read, and not with the link', async () => {
  await project.up();
  await mkdir(project.path('bin'));
  const opener = project.path('bin', 'kde-open5');
  await writeFile(
    opener,
    `#!/bin/sh\nprintf '%s' "$*" >"${project.path('opened.part')}"\n` +
      `mv "${project.path('opened.part')}" "${project.path('opened')}"\n`,
  );
  await chmod(opener, 0o700);
  const env = {
    ...{ SSH_CONNECTION: '', DISPLAY: ':0', XDG_CURRENT_DESKTOP: 'KDE', KDE_SESSION_VERSION: '5' },
    PATH: `${project.path('bin')}:${process.env['PATH']}`,
  };
  const file = project.path('state', 'inspect.html');
  await writeFile(file, 'of a former call', { mode: 0o644 });
  const { stdout } = await project.cli(['inspect'], { env });
  const opened = await waitUntil('the browser', () =>
    readFile(project.path('opened'), 'utf8').catch(() => undefined),
  );
  expect(opened).toBe(file);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, 'utf8')).toContain(`content="0;url=${stdout.split('\n')[0]}"`);
});

test('what `orchestra inspect` prints fits into 80 columns and needs no terminal', async () => {
  await project.up();
  const here = await project.cli(['inspect', '--no-open', '--stately'], { env: { SSH_CONNECTION: '' } });
  expect(here.stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/open\/[\w-]{32}\n.*within two minutes\.$/);
  const ssh = { SSH_CONNECTION: '10.0.0.9 50000 10.0.0.1 22', USER: 'miyabi' };
  const away = await project.cli(['inspect'], { env: ssh });
  const { port } = new URL(away.stdout.split('\n')[0] ?? '');
  expect(away.stdout).toMatch(
    new RegExp(`ssh -N -L ${port}:127\\.0\\.0\\.1:${port} \\S+@10\\.0\\.0\\.1$`, 'm'),
  );
  expect(away.stdout).toMatch(/\nthen open the link: once, within two minutes\.$/);
  const lines = [here, away].flatMap(({ stdout }) => stdout.split('\n'));
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  const landing = await fetch(here.stdout.split('\n')[0] ?? '', { redirect: 'manual' });
  expect(landing.headers.get('location')).toBe('/#stately');
});
