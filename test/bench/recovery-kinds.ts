/**
 * Recovery by kind: `kill -9` of nats-server, of the tmux server, of the daemon, and of all at once, each beside the same
 * kill with nothing in between but the notice of its end. All by the same probes, from outside.
 */
import { readlinkSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bus } from '../../src/bus/bus.ts';
import { connectBus } from '../../src/bus/connect-bus.ts';
import { ask } from '../../src/client/ask.ts';
import { storeFolder } from '../../src/nats-server/store-folder.ts';
import { readDaemonFile } from '../../src/state-folder/daemon-file.ts';
import { Announcements } from './announcements.ts';
import { type DaemonProcess, startDaemonProcess } from './daemon-process.ts';
import { percentile } from './percentiles.ts';
import { findProcess } from './process-usage.ts';
import { createKeptProject, type Project } from './project.ts';
import { restartNatsServer, restartNode, restartTmux } from './recovery-limits.ts';
import { milliseconds, printTable } from './table.ts';

const kills = 10;

/** Supervisors have then forgotten the last crash (`restart.period` is 1 s, that of the infrastructure not). In ms. */
const calm = 1_500;

/** For an answer, in ms: far above what it takes, far below a recovery. */
const patience = 50;

type Kind = 'nats-server' | 'tmux server' | 'daemon' | 'all at once';

const untils: Record<Kind, string> = {
  'nats-server': 'JetStream answers',
  'tmux server': "the program in the agent's pane runs",
  daemon: 'status answers (limit: a Node process speaks)',
  'all at once': "status answers, and the agent's program runs",
};

export async function recoveryByKind(): Promise<void> {
  const { measured, bareNats } = await measureOrchestra();
  const limits: Partial<Record<Kind, number[]>> = {
    'nats-server': bareNats,
    'tmux server': await restartTmux(kills),
    daemon: await restartNode(kills),
  };
  const cells = (took: readonly number[] | undefined): string[] =>
    took ? [50, 99].map((percent) => milliseconds(percentile(took, percent))) : ['–', '–'];
  printTable(
    `kill -9 by kind, ${kills} times each`,
    ['', 'until', 'limit p50', 'p99', 'orchestra p50', 'p99', 'p50 ÷ limit'],
    (Object.keys(untils) as Kind[]).map((kind) => {
      const limit = limits[kind];
      const ratio = limit ? (percentile(measured[kind], 50) / percentile(limit, 50)).toFixed(2) : '–';
      return [kind, untils[kind], ...cells(limit), ...cells(measured[kind]), ratio];
    }),
  );
}

interface Measured {
  measured: Record<Kind, number[]>;
  bareNats: number[];
}

async function measureOrchestra(): Promise<Measured> {
  const runs = await mkdtemp(join(tmpdir(), 'ob-'));
  const announcements = await Announcements.open(runs);
  const project = await createKeptProject(announcements);
  const orchestra = await Orchestra.start(project, announcements);
  try {
    const measured: Record<Kind, number[]> = {
      'nats-server': [],
      'tmux server': [],
      daemon: [],
      'all at once': [],
    };
    for (let round = 0; round < kills; round += 1) {
      for (const kind of Object.keys(measured) as Kind[]) {
        await delay(calm);
        measured[kind].push(await orchestra.kill(kind));
      }
    }
    const binary = readlinkSync(`/proc/${findProcess('nats-server', project.root)}/exe`);
    await orchestra.stop();
    const argv = [binary, '-c', storeFolder(project.state.nats).configFile] as const;
    return { measured, bareNats: await restartNatsServer(kills, argv, () => orchestra.answersJetStream()) };
  } finally {
    await orchestra.close();
    announcements.close();
    await project.remove();
    await rm(runs, { recursive: true, force: true });
  }
}

/** The orchestra that is killed, and the client that looks when it is back. */
class Orchestra {
  readonly #project: Project;
  readonly #announcements: Announcements;
  #daemon: DaemonProcess;
  #bus: Bus | undefined;

  private constructor(project: Project, announcements: Announcements) {
    this.#project = project;
    this.#announcements = announcements;
    this.#daemon = startDaemonProcess(project);
  }

  static async start(project: Project, announcements: Announcements): Promise<Orchestra> {
    const running = announcements.next();
    const orchestra = new Orchestra(project, announcements);
    await running;
    let file = await readDaemonFile(project.state.daemonFile);
    for (; !file; file = await readDaemonFile(project.state.daemonFile)) await delay(20);
    const seed = (await readFile(file.operatorKey, 'utf8')).trim();
    orchestra.#bus = await connectBus({ url: file.natsUrl, seed, name: 'bench' });
    return orchestra;
  }

  /** In ms, until it is back. */
  async kill(kind: Kind): Promise<number> {
    const runs = this.#announcements.next();
    const { root } = this.#project;
    const pids = {
      'nats-server': kind === 'nats-server' || kind === 'all at once' ? findProcess('nats-server', root) : 0,
      'tmux server': kind === 'tmux server' || kind === 'all at once' ? findProcess('tmux: server', root) : 0,
    };
    const killed = performance.now();
    for (const pid of Object.values(pids)) if (pid !== 0) process.kill(pid, 'SIGKILL');
    if (kind === 'nats-server') await this.answersJetStream();
    if (kind === 'daemon' || kind === 'all at once') await this.#restartDaemon();
    if (kind === 'tmux server' || kind === 'all at once') await runs;
    return performance.now() - killed;
  }

  /** What is asked in the moment of a death is lost with its answer: so many ms are waited for one, and no longer. */
  async answersJetStream(): Promise<void> {
    const nats = this.#bus?.connection.nats;
    const ask = () => nats?.request('$JS.API.STREAM.INFO.ORCH_EVENTS', '', { timeout: patience });
    while (!(await ask()?.catch(() => undefined))?.json<{ config?: object }>().config) await delay(2);
  }

  async stop(): Promise<void> {
    await this.#daemon.stop();
  }

  async close(): Promise<void> {
    await this.#bus?.close(100);
    await this.#daemon.stop();
  }

  async #restartDaemon(): Promise<void> {
    process.kill(this.#daemon.pid, 'SIGKILL');
    await this.#daemon.ended;
    this.#daemon = startDaemonProcess(this.#project);
    const { pid } = this.#daemon;
    for (;;) {
      const status = this.#bus && (await ask(this.#bus, 'status', {}, patience).catch(() => undefined));
      if (status?.pid === pid) return;
      await delay(5);
    }
  }
}
