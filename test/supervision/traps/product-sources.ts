/** The text of the product's sources, for rules that no type and no linter can hold. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

const project = join(import.meta.dirname, '..', '..', '..');

/** The files of `machines/` and `src/` that contain the pattern, as paths from the project's folder. */
export async function filesWith(pattern: RegExp, isMeant = (_path: string) => true): Promise<string[]> {
  const folders = await Promise.all(['machines', 'src'].map((name) => sourcesIn(join(project, name))));
  const meant = folders.flat().filter(({ path }) => isMeant(path));
  if (meant.length === 0) throw new Error('there are no such files');
  return meant.filter(({ text }) => pattern.test(text)).map(({ path }) => path);
}

async function sourcesIn(folder: string): Promise<{ path: string; text: string }[]> {
  const entries = await readdir(folder, { recursive: true });
  const paths = entries.filter((entry) => entry.endsWith('.ts')).sort();
  return Promise.all(
    paths.map(async (path) => ({
      path: relative(project, join(folder, path)),
      text: await readFile(join(folder, path), 'utf8'),
    })),
  );
}
