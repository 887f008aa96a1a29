/** The task as files that any program can read: `task.md` for people and models, `task.json` for programs. */

import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Liquid } from 'liquidjs';
import type { Assignment } from '../events/commands.ts';

/**
 * What the templates are given are values, never templates: an issue full of Liquid tags comes through as it is.
 * Nothing can be included, and an unknown variable is an error.
 */
const liquid = new Liquid({
  strictVariables: true,
  strictFilters: true,
  ownPropertyOnly: true,
  relativeReference: false,
  templates: {},
  parseLimit: 100_000,
  // In ms; a busy machine may stand still in the middle of a template that is sound.
  renderLimit: 5_000,
  memoryLimit: 50_000_000,
});

export interface PromptTemplate {
  /** Where it stands, for messages. */
  file: string;
  text: string;
}

export interface TaskFiles {
  markdown: string;
  json: string;
}

/** Where the files of an agent's present task stand. */
export const taskFiles = (folder: string): TaskFiles => ({
  markdown: join(folder, 'task.md'),
  json: join(folder, 'task.json'),
});

/** A template that cannot be rendered: its author has to mend it, no agent can. */
export class PromptError extends Error {
  override readonly name = 'PromptError';
}

/** Renders a prompt template (Liquid) with `agent`, `task`, `stage`, `attempt` … as its variables. */
export async function renderPrompt(
  template: PromptTemplate,
  agent: string,
  assignment: Assignment,
): Promise<string> {
  try {
    const rendered: unknown = await liquid.parseAndRender(template.text, { agent, ...assignment });
    return String(rendered);
  } catch (cause) {
    const { message } = cause instanceof Error ? cause : new Error(String(cause));
    throw new PromptError(`${template.file}: ${message}`, { cause });
  }
}

/** Writes both files, each at once by renaming. */
export async function writeTaskFiles(
  folder: string,
  prompt: string,
  assignment: Assignment,
): Promise<TaskFiles> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const files = taskFiles(folder);
  await replaceFile(files.markdown, prompt);
  await replaceFile(files.json, `${JSON.stringify(assignment, null, 2)}\n`);
  return files;
}

async function replaceFile(file: string, content: string): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, content);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
