/** A year: the daemon with 18,250 finished tasks behind it beside one with ten: its start, a new task, an answer, its memory. */
import { execFile } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { readLog } from './adoption.ts';
import { cli, type DaemonProcess, daemonEnvironment, startDaemonProcess } from './daemon-process.ts';
import { multiply, type Past, tracesOn, writeIssue } from './finished-tasks.ts';
import { percentile } from './percentiles.ts';
import { memory } from './process-usage.ts';
import { createProject, type Project } from './project.ts';
import { printTable } from './table.ts';

/** Finished tasks; a year has fifty a day. */
const pasts = { fresh: 10, 'a year': 18_250 };
const rounds = 3;
/** New issues in each round, one after the other; the first as soon as the daemon is up. */
const issuesARound = 4;
/** What follows a finished task, a listing among it, is over after so long, in ms: the next issue starts one of its own. */
const settling = 1_000;
const names = ['kaede', 'sakura', 'tsubaki', 'botan'];
const agent = { roles: ['codegen'], adapter: 'command', mode: 'task', command: ['true'] };

interface Orchestra {
  readonly name: string;
  readonly project: Project;
  readonly past: Past;
  /** In ms, and MiB. */
  readonly up: number[];
  readonly first: number[];
  readonly claimed: number[];
  readonly tasks: number[];
  readonly rss: number[];
}

export async function year(): Promise<void> {
  const projects: Project[] = [];
  try {
    const orchestras: Orchestra[] = [];
    for (const [name, count] of Object.entries(pasts)) {
      const project = await createProject({
        agents: Object.fromEntries(names.map((it) => [it, agent])),
        flow: ['codegen'],
      });
      projects.push(project);
      const past = await makePast(project, count);
      orchestras.push({ name, project, past, up: [], first: [], claimed: [], tasks: [], rss: [] });
    }
    // In turn, so that what else the machine does meets both.
    for (let round = 0; round < rounds; round += 1)
      for (const orchestra of orchestras) await measure(orchestra, round);
    await print(orchestras);
  } finally {
    for (const project of projects) await project.remove();
  }
}

/** One task is worked off by a daemon, the others are its copies; another daemon has opened the whole store once. */
async function makePast(project: Project, count: number): Promise<Past> {
  await writeIssue(project, 1);
  await runUntilIdle(project);
  const past = await multiply(project, count);
  // What a start keeps for the next one (see newest-blocks.ts) is of the store before the copies until then.
  await runUntilIdle(project);
  return past;
}

/** @throws Error when a task is not done */
async function runUntilIdle(project: Project): Promise<void> {
  const daemon = startDaemonProcess(project, ['--until-idle']);
  if ((await daemon.ended) !== 0) throw new Error(`the tasks were not done:\n${daemon.lastLines()}`);
}

async function measure({ project, past, ...measured }: Orchestra, round: number): Promise<void> {
  const begun = performance.now();
  const { daemon, heard } = startHeard(project);
  await heard(/ up, pid \d+/);
  measured.up.push(performance.now() - begun);
  const written = new Map<string, number>();
  for (let index = 0; index < issuesARound; index += 1) {
    const number = past.count + 1 + round * issuesARound + index;
    written.set(`${number}`, Date.now());
    await writeIssue(project, number);
    await heard(new RegExp(` task ${number}\\s+✔ done`));
    await delay(settling);
  }
  const asked = performance.now();
  await promisify(execFile)(process.execPath, [cli, '--config', project.configFile, 'tasks'], {
    env: daemonEnvironment(project),
  });
  measured.tasks.push(performance.now() - asked);
  measured.rss.push(memory(daemon.pid).rss);
  await daemon.stop();
  const claims = (await readLog(project)).filter(({ msg }) => msg === 'task.claimed');
  for (const [index, [task, at]] of [...written].entries()) {
    const claim = claims.find(({ about }) => about === task)?.time ?? Number.NaN;
    (index === 0 ? measured.first : measured.claimed).push(claim - at);
  }
}

/** A daemon whose lines can be waited for. */
function startHeard(project: Project): { daemon: DaemonProcess; heard: (line: RegExp) => Promise<void> } {
  const lines: string[] = [];
  const news = new EventEmitter();
  const daemon = startDaemonProcess(project, [], (line) => {
    lines.push(line);
    news.emit('line');
  });
  const failed = daemon.ended.then(() => {
    throw new Error(`the daemon ended:\n${daemon.lastLines()}`);
  });
  failed.catch(() => undefined);
  return {
    daemon,
    async heard(wanted) {
      while (!lines.some((line) => wanted.test(line))) await Promise.race([once(news, 'line'), failed]);
    },
  };
}

async function print(orchestras: readonly Orchestra[]): Promise<void> {
  const row = (what: string, cell: (orchestra: Orchestra) => string) => [what, ...orchestras.map(cell)];
  const ms = (samples: readonly number[], percent = 50) => `${Math.round(percentile(samples, percent))} ms`;
  const all = (samples: readonly number[]) => `${ms(samples)} (${samples.map(Math.round).join(', ')})`;
  const traces = new Map<Orchestra, string>();
  for (const orchestra of orchestras) {
    const { facts, records, files } = await tracesOn(orchestra.project, orchestra.past);
    traces.set(orchestra, `${facts} facts, ${records} records, ${files} files`);
  }
  const rows = [
    row('orchestra up → up, median', ({ up }) => all(up)),
    row('issue written as soon as it is up → claimed, median', ({ first }) => all(first)),
    row('issue written later → claimed, median', ({ claimed }) => ms(claimed)),
    row('the same, worst', ({ claimed }) => ms(claimed, 100)),
    row('orchestra tasks → answered, median', ({ tasks }) => all(tasks)),
    row('RSS of the daemon, median', ({ rss }) => `${percentile(rss, 50).toFixed(0)} MiB`),
    row('told or written of finished tasks', (orchestra) => traces.get(orchestra) ?? ''),
  ];
  const head = orchestras.map(({ name, past }) => `${name}: ${past.count} done`);
  printTable(`A year behind it, ${rounds} restarts`, ['', ...head], rows);
}
