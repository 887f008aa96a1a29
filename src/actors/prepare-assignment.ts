/** From a claimed task to what an agent can begin on: a worktree, and the task as files. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentPlace } from '../agents/agent-place.ts';
import { type PromptTemplate, renderPrompt, taskFiles, writeTaskFiles } from '../agents/task-file.ts';
import type { Assignment } from '../events/commands.ts';
import { packageRoot } from '../package/package-root.ts';
import { stageOf, type TaskRecord } from '../tasks/task-record.ts';
import { withRepository } from './repository-patience.ts';
import type { World } from './world.ts';

/** @throws WorktreeError, PromptError, or the signal's reason */
export async function prepareAssignment(
  world: World,
  place: AgentPlace,
  task: TaskRecord,
  signal: AbortSignal,
): Promise<Assignment> {
  const { issue, token, attempts, maxAttempts, reason, evidence } = task;
  const { path, branch } = await withRepository(world, place, signal, () =>
    world.ports.worktrees.get().prepare(issue.id, issue.title),
  );
  signal.throwIfAborted();
  const assignment: Assignment = {
    task: issue.id,
    title: issue.title,
    body: issue.body,
    labels: issue.labels,
    stage: stageOf(task) ?? '',
    token,
    attempt: attempts,
    maxAttempts,
    reason,
    evidence,
    worktree: path,
    branch,
    taskFile: taskFiles(place.folder).markdown,
  };
  const prompt = await renderPrompt(await templateFor(world, assignment.stage), place.name, assignment);
  await writeTaskFiles(place.folder, prompt, assignment);
  return assignment;
}

/** A stage's own template in the project's config folder, else the common one there, else the one we ship. */
async function templateFor(world: World, stage: string): Promise<PromptTemplate> {
  const folder = join(world.project, 'config', 'prompts');
  const shipped = join(packageRoot, 'config', 'prompts', 'task.liquid');
  for (const file of [join(folder, `${stage}.liquid`), join(folder, 'task.liquid')]) {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    if (text !== undefined) return { file, text };
  }
  return { file: shipped, text: await readFile(shipped, 'utf8') };
}
