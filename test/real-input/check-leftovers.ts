/** Whether the world looks as it should after a run: issue files, git, worktrees, processes; looked at without the product. */
import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { git, type Project } from '../bench/project.ts';

/** Every violation as a sentence. */
export async function checkLeftovers(project: Project, tasks: readonly string[]): Promise<string[]> {
  const checks = [checkIssues(project, tasks), checkMainline(project, tasks), checkWorktrees(project)];
  return [...(await Promise.all(checks)).flat(), ...checkProcesses(project)];
}

const Labels = z.object({ labels: z.array(z.string()) });

async function checkIssues({ issues }: Project, tasks: readonly string[]): Promise<string[]> {
  const names = (await readdir(issues)).filter((name) => name.endsWith('.md'));
  const violations =
    names.length === tasks.length ? [] : [`${names.length} issue files for ${tasks.length} tasks`];
  for (const name of names) {
    const [, frontMatter = ''] = (await readFile(join(issues, name), 'utf8')).split(/^---$/m);
    const read = Labels.safeParse(parse(frontMatter));
    const ours = read.success
      ? read.data.labels.filter((label) => /^(status|agent):/.test(label))
      : ['none readable'];
    if (ours.join() !== 'status:done')
      violations.push(`${name} carries ${ours.join(', ') || 'no label of ours'}`);
  }
  return violations;
}

/** Merges aside, each task is one commit whose last line names it. */
async function checkMainline({ origin }: Project, tasks: readonly string[]): Promise<string[]> {
  const log = await git(origin, 'log', '--no-merges', '--format=%B%x00', 'main');
  const counted = new Map<string, number>();
  for (const message of log.split('\0')) {
    const id = /\nTask (\S+)\s*$/.exec(message)?.[1];
    if (id !== undefined) counted.set(id, (counted.get(id) ?? 0) + 1);
  }
  return tasks
    .filter((id) => counted.get(id) !== 1)
    .map((id) => `origin's main has ${counted.get(id) ?? 0} commits for task ${id}`);
}

async function checkWorktrees({ repository, state }: Project): Promise<string[]> {
  const listed = (await git(repository, 'worktree', 'list', '--porcelain')).match(/^worktree .*/gm) ?? [];
  const folders = await readdir(state.worktrees);
  return [...listed.slice(1), ...folders].map((left) => `a worktree is left: ${left}`);
}

/** Whatever has the project's folder in its command line or environment was started for it. */
function checkProcesses({ root }: Project): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids
    .filter((pid) => readProc(pid, 'cmdline').includes(root) || readProc(pid, 'environ').includes(root))
    .map((pid) => `process ${pid} is left: ${readProc(pid, 'cmdline').replaceAll('\0', ' ')}`);
}

/** Empty for a process that has ended, or is not ours. */
function readProc(pid: string, name: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
