/** The prompt template that ships with the program. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../package/package-root.ts';

export const defaultPrompt = (): Promise<string> =>
  readFile(join(packageRoot, 'config/prompts/task.liquid'), 'utf8');
