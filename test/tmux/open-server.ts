/** A tmux server for one test, on a socket and in a folder of its own, gone with all its processes when the test is. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { endMarkedProcesses } from '../../src/processes/end-marked-processes.ts';
import { type OpenTmuxOptions, openTmux } from '../../src/tmux/open-tmux.ts';
import type { PaneId } from '../../src/tmux/pane-id.ts';
import type { RunExit } from '../../src/tmux/run-ledger.ts';
import type { Tmux } from '../../src/tmux/tmux.ts';

/** Short, for a socket's path must fit into 103 bytes. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ot-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
  return folder;
}

/** Marks what a test starts, so that even what escapes it is ended with it. */
const testMark = 'TMUX_TEST';

const environment = { PATH: process.env['PATH'], HOME: '/nonexistent', LANG: 'C.UTF-8' };

export interface TestServer {
  readonly tmux: Tmux;
  readonly folder: string;
  readonly options: OpenTmuxOptions;
}

export async function openServer(changes: Partial<OpenTmuxOptions> = {}): Promise<TestServer> {
  const folder = await temporaryFolder();
  const options: OpenTmuxOptions = {
    binary: 'tmux',
    socket: join(folder, 's'),
    runDirectory: join(folder, 'run'),
    ...changes,
    environment: { ...environment, [testMark]: folder, ...changes.environment },
  };
  const tmux = await openTmux(options);
  onTestFinished(async () => {
    await tmux.shutDown();
    await endMarkedProcesses(testMark, folder, { graceMs: 0 });
  });
  return { tmux, folder, options };
}

let runs = 0;

/** A run's id that no other run of this machine has: what carries it is ended by it, another test's programs too. */
export function newRunId(): string {
  runs += 1;
  return `run-${process.pid}-${runs}`;
}

/** Starts a program in a new pane. */
export async function startRun(tmux: Tmux, argv: string[], environment: Record<string, string> = {}) {
  const pane = await tmux.createWindow({ name: 'test', options: {} });
  const runId = newRunId();
  const { pid } = await tmux.run(pane, { runId, argv, cwd: '/', environment });
  return { pane, runId, pid };
}

/** The end of a run. */
export function exitOf(tmux: Tmux, runId: string): Promise<RunExit> {
  return new Promise((resolve) => {
    tmux.onExit((exit) => {
      if (exit.runId === runId) resolve(exit);
    });
  });
}

/** How the end of a host that was killed is told: 3.2 has no `pane_dead_signal`. */
export function killedHost(tmux: Tmux): { signal?: string } {
  return tmux.version.startsWith('3.2') ? {} : { signal: 'SIGKILL' };
}

/** The moment when a pane is gone. */
export function vanishOf(tmux: Tmux, pane: PaneId): Promise<void> {
  return new Promise((resolve) => {
    tmux.onVanished((vanished) => {
      if (vanished.pane === pane) resolve();
    });
  });
}

/** The path of one of the programs that tests run in panes. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/tmux/${name}`, import.meta.url));
}
