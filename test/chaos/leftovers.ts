/** The world after the daemon has ended: issue files, git, worktrees, processes, the stored facts; looked at without it. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { readEvents } from '../../src/bus/read-events.ts';
import { readFact } from '../../src/events/facts.ts';
import { git } from '../bench/project.ts';
import type { Ground } from './ground.ts';
import { type Found, processesOn } from './processes.ts';
import { withStore } from './with-store.ts';
import { factKey } from './witness.ts';

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
  /** The markers of the comments by issue id. */
  readonly comments: ReadonlyMap<string, readonly string[]>;
  /** The keys of the facts that are in the stream at the end. */
  readonly stored: ReadonlySet<string>;
}

export async function lookForLeftovers(ground: Ground): Promise<Leftovers> {
  const processes = await lastingProcesses(ground);
  const names = await readdir(ground.state.root);
  return {
    processes,
    worktrees: await listWorktrees(ground),
    daemonFiles: names.filter((name) => name === 'daemon.json' || name === 'daemon.lock'),
    commits: await countCommits(ground),
    ...(await readIssues(ground)),
    stored: await readStored(ground),
  };
}

/** How long a process that was ended may take to be gone, in ms. */
const endLimit = 10_000;

/** Those that stay: what tmux ends with itself, such as a hook of a pane that has just died, goes in its own time. */
async function lastingProcesses(ground: Ground): Promise<readonly Found[]> {
  const deadline = Date.now() + endLimit;
  for (;;) {
    const isLast = Date.now() > deadline;
    const found = await processesOn(ground);
    if (found.length === 0 || isLast) return found;
    await pause(50);
  }
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

async function readIssues({ issues }: Ground): Promise<Pick<Leftovers, 'labels' | 'comments'>> {
  const labels = new Map<string, string[]>();
  const comments = new Map<string, string[]>();
  for (const name of (await readdir(issues)).filter((file) => file.endsWith('.md'))) {
    const id = String(Number.parseInt(name, 10));
    const text = await readFile(join(issues, name), 'utf8');
    const [, frontMatter = ''] = text.split(/^---$/m);
    const carried = Matter.parse(parse(frontMatter)).labels;
    labels.set(
      id,
      carried.filter((label) => /^(status|assigned):/.test(label)),
    );
    const markers = text.matchAll(/^<!-- orchestra:comment (\S+) -->$/gm);
    comments.set(
      id,
      [...markers].map(([, marker = '']) => marker),
    );
  }
  return { labels, comments };
}

const readStored = ({ state }: Ground): Promise<Set<string>> =>
  withStore(state.nats, async (bus) => {
    const stored = new Set<string>();
    for await (const { subject, body } of readEvents(bus)) {
      const fact = readFact(subject, body);
      if (fact) stored.add(factKey(fact));
    }
    return stored;
  });
