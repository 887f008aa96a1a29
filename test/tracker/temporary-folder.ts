/** A folder of its own for each test, gone when the test is over. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Makes the folder and, in it, the files given as path → text. */
export async function temporaryFolder(files: Record<string, string> = {}): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'orchestra tracker-')));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  // What watches it watches the one above as well, where others' files must not come and go.
  const folder = join(root, 'folder');
  await mkdir(folder);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}
