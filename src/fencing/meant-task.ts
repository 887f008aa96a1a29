/** Which task an agent's program acts for, from where it acts and what it was told; asks nobody. */
import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';
import type { QueryRequest } from '../events/commands.ts';

/** What the file `task.json` in an agent's folder says at least. */
const Told = z.object({ task: z.string(), token: z.int() });
export type ToldClaim = z.infer<typeof Told>;

export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  /** Where it acts, without symbolic links. */
  readonly directory: string;
  /** The folder of all worktrees, one a task, without symbolic links. */
  readonly worktrees: string;
}

/**
 * The worktree says whose work it is; a program that was told of another task than the worktree's has no claim to show.
 */
export async function meantTask({ env, directory, worktrees }: Surroundings): Promise<QueryRequest<'holds'>> {
  const told = await toldClaim(env);
  const [place = ''] = relative(worktrees, directory).split(sep);
  const isInWorktree = place !== '' && place !== '..';
  if (isInWorktree && place !== told?.task) return { task: place };
  return told ?? {};
}

/** A program that was started for one task is told its claim by its environment, one that is kept for many by `task.json`. */
export async function toldClaim(env: NodeJS.ProcessEnv): Promise<ToldClaim | undefined> {
  return toldByEnvironment(env) ?? (await toldByFile(env['ORCHESTRA_FOLDER']));
}

function toldByEnvironment(env: NodeJS.ProcessEnv): ToldClaim | undefined {
  const { ORCHESTRA_TASK: task, ORCHESTRA_TOKEN: token } = env;
  return Told.safeParse({ task, token: Number(token) }).data;
}

async function toldByFile(folder: string | undefined): Promise<ToldClaim | undefined> {
  if (!folder) return undefined;
  const text = await readFile(join(folder, 'task.json'), 'utf8').catch(() => '{}');
  return Told.safeParse(JSON.parse(text)).data;
}
