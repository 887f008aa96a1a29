/** The folder of git hooks that all agents' git is pointed to; written anew at each start of the daemon. */
import { chmod, mkdir, realpath, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../package/package-root.ts';
import { hookNames, hookScript } from './hook-script.ts';

/** Each hook is replaced at once: an agent that lives on may call it this moment. */
export async function writeHooks(folder: string, worktrees: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const program = join(packageRoot, 'dist/src/fencing/may-push-main.js');
  const mayPush = [process.execPath, program, await realpath(worktrees)];
  const script = hookScript({ folder, mayPush });
  for (const name of hookNames) {
    const draft = join(folder, `.${name}.draft`);
    await writeFile(draft, script);
    await chmod(draft, 0o700);
    await rename(draft, join(folder, name));
  }
}
