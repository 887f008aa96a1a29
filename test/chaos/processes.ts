/** The processes of a run, found from outside by the kernel's own words. */
import { readdir, readFile } from 'node:fs/promises';
import { execa } from 'execa';
import type { Ground } from './ground.ts';

export interface Found {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
  readonly command: string;
}

/** Everything alive that names the ground's folder in its command line or environment, but for ourselves. */
export const processesOn = (ground: Ground): Promise<Found[]> => find(ground, () => true);

/** An agent's processes; whatever it has started inherits its name. */
export const processesOfAgent = (ground: Ground, agent: string): Promise<Found[]> =>
  find(ground, (environment) => environment.includes(`ORCHESTRA_AGENT=${agent}`));

async function find(ground: Ground, fits: (environment: readonly string[]) => boolean): Promise<Found[]> {
  const found: Found[] = [];
  for (const entry of await readdir('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const [command = '', environment = '', stat = ''] = await Promise.all(
      ['cmdline', 'environ', 'stat'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
    );
    // Fields from the third on; the second, in parentheses, may hold anything.
    const [state = 'X', parent, , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if ('ZX'.includes(state) || !`${command}\0${environment}`.includes(ground.root)) continue;
    if (!fits(environment.split('\0'))) continue;
    const words = command.replaceAll('\0', ' ').trim();
    found.push({ pid, parent: Number(parent), session: Number(session), command: words });
  }
  return found;
}

/** Undefined when none has been started. */
export async function natsServerPid({ state }: Ground): Promise<number | undefined> {
  const text = await readFile(`${state.nats}/nats-server.pid`, 'utf8').catch(() => '');
  const pid = Number(text);
  return pid > 0 && (await isAlive(pid)) ? pid : undefined;
}

export interface Pane {
  readonly id: string;
  readonly agent: string;
  readonly pid: number;
}

/** What the run's own tmux server answers; undefined when there is none, or it does not answer. */
export async function tmux(ground: Ground, ...args: string[]): Promise<string | undefined> {
  const { stdout, failed } = await execa('tmux', ['-S', ground.state.tmuxSocket, ...args], {
    reject: false,
    timeout: 5_000,
  });
  return failed ? undefined : stdout;
}

export async function tmuxServerPid(ground: Ground): Promise<number | undefined> {
  const answer = await tmux(ground, 'display-message', '-p', '#{pid}');
  return answer ? Number(answer) : undefined;
}

export async function agentPanes(ground: Ground): Promise<Pane[]> {
  const lines = await tmux(ground, 'list-panes', '-a', '-F', '#{pane_id} #{pane_pid} #{@orchestra_agent}');
  return (lines ?? '').split('\n').flatMap((line) => {
    const [id = '', pid, agent] = line.split(' ');
    return agent ? [{ id, pid: Number(pid), agent }] : [];
  });
}

export async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !/ [ZX] /u.test(stat.slice(stat.lastIndexOf(')')));
}

/** Of one that has ended meanwhile nothing is said. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
