/** Which task an agent's program acts for, from where it acts and what it was told; asks nobody. */
import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';
import type { QueryRequest } from '../events/commands.ts';

/** What the file `task.json` in an agent's folder says at least. */
const Told = z.object({ task: z.string(), token: z.int() });

export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  /** Where it acts, without symbolic links. */
  readonly directory: string;
  /** The folder of all worktrees, one a task, without symbolic links. */
  readonly worktrees: string;
}

/**
 * The worktree says whose work it is. The claim is told to a program that was started for one task by its environment, and
 * to one that is kept for many by its `task.json`; told of another task than the worktree's, it has no claim to show.
 */
export async function meantTask({ env, directory, worktrees }: Surroundings): Promise<QueryRequest<'holds'>> {
  const told = toldByEnvironment(env) ?? (await toldByFile(env['ORCHESTRA_FOLDER']));
  const [place = ''] = relative(worktrees, directory).split(sep);
  const isInWorktree = place !== '' && place !== '..';
  if (isInWorktree && place !== told?.task) return { task: place };
  return told ?? {};
}

function toldByEnvironment(env: NodeJS.ProcessEnv): z.infer<typeof Told> | undefined {
  const { ORCHESTRA_TASK: task, ORCHESTRA_TOKEN: token } = env;
  return Told.safeParse({ task, token: Number(token) }).data;
}

async function toldByFile(folder: string | undefined): Promise<z.infer<typeof Told> | undefined> {
  if (!folder) return undefined;
  const text = await readFile(join(folder, 'task.json'), 'utf8').catch(() => '{}');
  return Told.safeParse(JSON.parse(text)).data;
}
