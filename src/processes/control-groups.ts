/** Whether this machine lets us have control groups, where they stand, and which of earlier daemons are still there. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join, posix } from 'node:path';
import { ControlGroup } from './control-group.ts';

export interface ControlGroupsOptions {
  /** The folder of all our groups; different for each orchestra. */
  readonly name: string;
  /** Remembers where they stood: the next daemon may be started in another place of the system. */
  readonly recordFile: string;
  readonly mode: 'auto' | 'off';
  /** For one who only looks and starts nothing: it is not remembered. Default false. */
  readonly passing?: boolean;
}

export interface ControlGroups {
  /** Where programs are started; undefined where that is not possible. */
  readonly folder: string | undefined;
  /** Why it is not. */
  readonly reason: string | undefined;
  of(agent: string): ControlGroup;
  /** The agents that have a group, now or from an earlier daemon. */
  names(): string[];
  /** Removes all that are empty. */
  close(): void;
}

/**
 * Tries it out: a writable cgroup2 folder of our own (a unit with `Delegate=yes`, a user's session, or root), a
 * `cgroup.kill` in it (Linux 5.14), and a process that may join. Never throws for want of it.
 */
export async function openControlGroups(options: ControlGroupsOptions): Promise<ControlGroups> {
  const { name, recordFile, mode, passing = false } = options;
  const known = (await readFile(recordFile, 'utf8').catch(() => '')).split('\n').filter(Boolean);
  const earlier = known.filter((folder) => basename(folder) === name && existsSync(folder));
  const chosen = mode === 'off' ? { reason: 'switched off (processes.cgroup)' } : await choose(name);
  const folder = 'folder' in chosen ? chosen.folder : undefined;
  const others = earlier.filter((other) => other !== folder);
  const all = folder === undefined ? others : [folder, ...others];
  if (!passing && all.join() !== known.join())
    await replaceFile(recordFile, all.map((line) => `${line}\n`).join(''));
  return {
    folder,
    reason: 'reason' in chosen ? chosen.reason : undefined,
    of: (agent) => {
      const own = folder === undefined ? undefined : join(folder, agent);
      return new ControlGroup(
        own,
        others.map((other) => join(other, agent)),
      );
    },
    names: () => [...new Set(all.flatMap(groupsIn))],
    close: () => void new ControlGroup(folder, others).remove(),
  };
}

type Choice = { folder: string } | { reason: string };

async function choose(name: string): Promise<Choice> {
  const own = await ownGroup();
  if (own === undefined) return { reason: 'this system has no cgroup2' };
  const folder = join(own, name);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    return { reason: `${own} is not ours to write to (${(error as NodeJS.ErrnoException).code})` };
  }
  const problem = existsSync(join(folder, 'cgroup.kill'))
    ? await joining(folder)
    : 'this kernel has no cgroup.kill (5.14)';
  if (problem === undefined) return { folder };
  try {
    rmdirSync(folder);
  } catch {
    // An earlier daemon's programs are in it.
  }
  return { reason: problem };
}

/** Our own group's folder; undefined where cgroup2 is not mounted, or we stand outside of what is. */
async function ownGroup(): Promise<string | undefined> {
  const [mounts, groups] = await Promise.all(
    ['mountinfo', 'cgroup'].map((file) => readFile(`/proc/self/${file}`, 'utf8').catch(() => '')),
  );
  const own = /^0::(.+)$/m.exec(groups ?? '')?.[1];
  // proc_pid_mountinfo(5): id, parent, device, root, mount point, options …, a dash, type.
  const [, root, mount] = /^\S+ \S+ \S+ (\S+) (\S+) .* - cgroup2 /m.exec(mounts ?? '') ?? [];
  if (own === undefined || root === undefined || mount === undefined) return undefined;
  const within = posix.relative(root, own);
  return within.startsWith('..') ? undefined : join(mount, within);
}

/** Whether a child of ours can join, as the host in a pane will. @returns why not */
function joining(folder: string): Promise<string | undefined> {
  const argv = ['-c', 'echo 0 > "$1/cgroup.procs"', 'sh', folder];
  return new Promise((resolve) => {
    execFile('/bin/sh', argv, (error) =>
      resolve(error === null ? undefined : `processes may not be moved into ${folder}`),
    );
  });
}

function groupsIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    return [];
  }
}

async function replaceFile(file: string, text: string): Promise<void> {
  await writeFile(`${file}.draft`, text, { mode: 0o600 });
  await rename(`${file}.draft`, file);
}
