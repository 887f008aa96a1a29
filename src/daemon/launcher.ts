/** The `orchestra` command as agents find it in their PATH: a two-line script that runs this very installation. */
import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../package/package-root.ts';
import { quoteForShell } from '../text/quote-for-shell.ts';

/** Writes `<folder>/orchestra`. */
export async function writeLauncher(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'orchestra');
  const words = [process.execPath, join(packageRoot, 'dist/src/cli/main.js')].map(quoteForShell);
  await writeFile(`${file}.draft`, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`);
  await chmod(`${file}.draft`, 0o700);
  await rename(`${file}.draft`, file);
}
