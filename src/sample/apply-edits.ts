/** Makes the changes that an issue asks for inside one folder and nowhere else; doing so twice changes nothing more. */
import { lstat, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Edit } from './change-request.ts';
import { ChangeRequestError } from './change-request-error.ts';

/** How the edits are applied. */
export interface ApplyOptions {
  /** Only find out which files would change. */
  readonly dryRun?: boolean;
}

/**
 * The paths of the files that changed (or would); files that are as asked already are not among them. All edits are
 * worked out before the first file is written: throws {@link ChangeRequestError} and leaves everything as it was.
 */
export async function applyEdits(
  directory: string,
  edits: readonly Edit[],
  { dryRun = false }: ApplyOptions = {},
): Promise<string[]> {
  const before = new Map<string, string | undefined>();
  const after = new Map<string, string | undefined>();
  for (const edit of edits) {
    const path = await safePath(directory, edit.path);
    if (!before.has(path)) before.set(path, await textOf(join(directory, path)));
    after.set(path, editedText(edit, after.has(path) ? after.get(path) : before.get(path)));
  }
  const changed = [...after].filter(([path, text]) => text !== before.get(path));
  for (const [path, text] of dryRun ? [] : changed) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text ?? '');
  }
  return changed.map(([path]) => path);
}

function editedText(edit: Edit, present: string | undefined): string {
  if (edit.kind === 'create') return edit.text;
  if (present === undefined) {
    throw new ChangeRequestError('file-missing', `${edit.path} is to be changed, but there is no such file`);
  }
  if (edit.kind === 'append') {
    if (present.includes(edit.text)) return present;
    return present + (present === '' || present.endsWith('\n') ? '' : '\n') + edit.text;
  }
  // Where the new text contains the old one, finding the old one does not mean that there is anything left to do.
  const isDone = edit.after.includes(edit.before)
    ? present.includes(edit.after)
    : !present.includes(edit.before);
  if (!isDone) return present.replace(edit.before, () => edit.after);
  if (present.includes(edit.after)) return present;
  throw new ChangeRequestError(
    'text-not-found',
    `${edit.path} does not hold the text that is to be replaced`,
  );
}

/** The path in normal form, if nothing on its way leads out of the folder or into git's. */
async function safePath(directory: string, path: string): Promise<string> {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  const isForbidden = segments.some(
    (segment) => segment === '..' || /^\.git$/i.test(segment) || segment.includes('\0'),
  );
  if (isForbidden || segments.length === 0 || /^[/\\]/.test(path)) {
    throw new ChangeRequestError(
      'forbidden-path',
      `${JSON.stringify(path)} is not a path inside the repository`,
    );
  }
  for (const [index] of segments.entries()) {
    const step = segments.slice(0, index + 1).join('/');
    const stats = await lstat(join(directory, step)).catch(undefinedIfMissing);
    if (stats === undefined) break;
    const isLast = index === segments.length - 1;
    if (!(isLast ? stats.isFile() : stats.isDirectory())) {
      const kind = stats.isSymbolicLink() ? 'a symbolic link' : `no ${isLast ? 'file' : 'folder'}`;
      throw new ChangeRequestError('forbidden-path', `${JSON.stringify(path)}: ${step} is ${kind}`);
    }
  }
  return segments.join('/');
}

async function textOf(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch(undefinedIfMissing);
}

function undefinedIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
