/** What an orchestra holds at one moment, measured from outside: memory, file descriptors, disk, and how late it answers. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { memory } from '../bench/process-usage.ts';
import type { Orchestra } from '../chaos/orchestra.ts';
import { natsServerPid, tmuxServerPid } from '../chaos/processes.ts';

/** Each measure with its unit. */
export const measures = {
  'daemon memory': 'MiB',
  'nats-server memory': 'MiB',
  'tmux memory': 'MiB',
  'daemon descriptors': '',
  'nats-server descriptors': '',
  'tmux descriptors': '',
  'state folder': 'MiB',
  'event-loop delay': 'ms',
  'answer to status': 'ms',
} as const;
export type Measure = keyof typeof measures;

export interface Sample {
  readonly measure: Measure;
  /** Seconds since the soak began. */
  readonly at: number;
  readonly value: number;
  /** The process it is of: growth is looked for within one life. 0 for what outlives processes. */
  readonly life: number;
}

/** What cannot be measured now, as while it is being restarted, is left out. */
export async function takeSamples(orchestra: Orchestra, at: number): Promise<Sample[]> {
  const { ground, keeper, witness } = orchestra;
  const lives = {
    daemon: keeper.pid,
    'nats-server': (await natsServerPid(ground)) ?? 0,
    tmux: (await tmuxServerPid(ground)) ?? 0,
  };
  const samples: Sample[] = [];
  const add = (measure: Measure, value: number | undefined, life: number): void => {
    if (value !== undefined && Number.isFinite(value)) samples.push({ measure, at, value, life });
  };
  for (const [name, pid] of Object.entries(lives) as [keyof typeof lives, number][]) {
    if (pid === 0) continue;
    add(`${name} memory`, residentMemory(pid), pid);
    add(`${name} descriptors`, await countDescriptors(pid), pid);
  }
  add('state folder', (await sizeOf(ground.state.root)) / 1024 ** 2, 0);
  const late = await readFile(join(ground.control, 'loop'), 'utf8').catch(() => '');
  if (late !== '') add('event-loop delay', Number(late), lives.daemon);
  const asked = performance.now();
  if (await witness.ask('status', {})) add('answer to status', performance.now() - asked, lives.daemon);
  return samples;
}

function residentMemory(pid: number): number | undefined {
  try {
    return memory(pid).rss;
  } catch {
    return undefined;
  }
}

const countDescriptors = (pid: number): Promise<number | undefined> =>
  readdir(`/proc/${pid}/fd`).then(
    (names) => names.length,
    () => undefined,
  );

/** In bytes, without the worktrees, which come and go with the tasks. */
async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += entry.name === 'worktrees' ? 0 : await sizeOf(path);
    else if (entry.name !== 'filler') bytes += (await stat(path).catch(() => ({ size: 0 }))).size;
  }
  return bytes;
}
