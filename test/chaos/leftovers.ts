/** The world after the daemon has ended: issue files, git, worktrees, processes, the stored facts; looked at without it. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { connectBus } from '../../src/bus/connect-bus.ts';
import { readEvents } from '../../src/bus/read-events.ts';
import { launchServer } from '../bench/nats-server.ts';
import { git } from '../bench/project.ts';
import type { Ground } from './ground.ts';
import { type Found, processesOn } from './processes.ts';

export interface Leftovers {
  readonly processes: readonly Found[];
  /** Paths of worktrees that git still lists. */
  readonly worktrees: readonly string[];
  /** Files that only a running daemon has. */
  readonly daemonFiles: readonly string[];
  /** How many commits of origin's mainline name each task. */
  readonly commits: ReadonlyMap<string, number>;
  /** The labels of ours by issue id. */
  readonly labels: ReadonlyMap<string, readonly string[]>;
  /** Sequence and subject of each fact that is in the stream at the end. */
  readonly stored: ReadonlySet<string>;
}

export async function lookForLeftovers(ground: Ground): Promise<Leftovers> {
  const processes = await processesOn(ground);
  const names = await readdir(ground.state.root);
  return {
    processes,
    worktrees: await listWorktrees(ground),
    daemonFiles: names.filter((name) => name === 'daemon.json' || name === 'daemon.lock'),
    commits: await countCommits(ground),
    labels: await readLabels(ground),
    stored: await readStored(ground),
  };
}

async function listWorktrees({ repository }: Ground): Promise<string[]> {
  const listed = (await git(repository, 'worktree', 'list', '--porcelain')).match(/^worktree .*/gm) ?? [];
  return listed.slice(1).map((line) => line.slice('worktree '.length));
}

/** Merges aside, each task's work is one commit whose last line names it. */
async function countCommits({ origin }: Ground): Promise<Map<string, number>> {
  const log = await git(origin, 'log', '--no-merges', '--format=%B%x00', 'main');
  const counted = new Map<string, number>();
  for (const message of log.split('\0')) {
    const id = /\nTask (\S+)\s*$/.exec(message)?.[1];
    if (id !== undefined) counted.set(id, (counted.get(id) ?? 0) + 1);
  }
  return counted;
}

const Matter = z.object({ labels: z.array(z.string()).default([]) });

async function readLabels({ issues }: Ground): Promise<Map<string, string[]>> {
  const labels = new Map<string, string[]>();
  for (const name of (await readdir(issues)).filter((file) => file.endsWith('.md'))) {
    const [, frontMatter = ''] = (await readFile(join(issues, name), 'utf8')).split(/^---$/m);
    const ours = Matter.parse(parse(frontMatter)).labels.filter((label) => /^(status|assigned):/.test(label));
    labels.set(String(Number.parseInt(name, 10)), ours);
  }
  return labels;
}

export const storedKey = (sequence: number, subject: string): string => `${sequence} ${subject}`;

async function readStored({ state }: Ground): Promise<Set<string>> {
  const server = await launchServer(state.nats);
  try {
    const seed = (await readFile(server.seedFile('daemon'), 'utf8')).trim();
    const bus = await connectBus({ url: server.url, seed, name: 'chaos' });
    const stored = new Set<string>();
    for await (const { sequence, subject } of readEvents(bus)) stored.add(storedKey(sequence, subject));
    await bus.close();
    return stored;
  } finally {
    await server.stop(5_000);
  }
}
