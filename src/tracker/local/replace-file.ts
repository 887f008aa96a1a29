/** Replaces files so that a reader sees the old or the new text and never half of one; knows nothing of issues. */
import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { chmod, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Writes `text` to `path`, new or not. With `mode` the file gets those permissions. */
export async function replaceFile(
  path: string,
  text: string,
  options: { mode?: number } = {},
): Promise<void> {
  await throughTemporaryFile(path, text, options, () => Promise.resolve(true));
}

/**
 * Gives the file's text to `edit` and writes what comes back, if it differs. Whatever somebody else saves meanwhile is
 * seen right before the file is replaced, and `edit` is asked again with the newer text, at most `tries` times.
 * (Between that last look and the rename there is no lock that an editor would respect.)
 */
export async function editFile(
  path: string,
  edit: (text: string) => string,
  tries = 5,
): Promise<'changed' | 'unchanged' | 'conflict'> {
  for (let attempt = 0; attempt < tries; attempt++) {
    const { mode } = await stat(path);
    const before = await readFile(path);
    // Decoding and encoding again would destroy what is not UTF-8.
    if (!isUtf8(before)) throw new Error('not UTF-8 text');
    const text = before.toString('utf8');
    const edited = edit(text);
    if (edited === text) return 'unchanged';
    const isStillSame = async () => before.equals(await readFile(path));
    if (await throughTemporaryFile(path, edited, { mode }, isStillSame)) return 'changed';
  }
  return 'conflict';
}

/** The temporary file is hidden, so that neither listing nor watching takes it for an issue. */
async function throughTemporaryFile(
  path: string,
  text: string,
  options: { mode?: number },
  mayReplace: () => Promise<boolean>,
): Promise<boolean> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    // Flushed before the rename: after a power cut the name must not lead to an empty file.
    await writeFile(temporary, text, { flush: true, flag: 'wx' });
    // Not as an option of the line above: the umask would take some of it away.
    if (options.mode !== undefined) await chmod(temporary, options.mode & 0o7777);
    const isReplacing = await mayReplace();
    if (isReplacing) await rename(temporary, path);
    else await unlink(temporary);
    return isReplacing;
  } catch (error) {
    await unlink(temporary).catch((unlinkError: NodeJS.ErrnoException) => {
      if (unlinkError.code !== 'ENOENT')
        throw new AggregateError([error, unlinkError], `cannot replace ${path}`);
    });
    throw error;
  }
}
