/**
 * A file that leads a browser to a link. Everyone on the machine can read what a program is started with (proc(5),
 * `cmdline`), and so the link, which lets in whoever follows it first; the file is for its owner's eyes only.
 */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes the file in place of the one before, and returns its path. */
export async function writeRedirectFile(folder: string, link: string): Promise<string> {
  const file = join(folder, 'inspect.html');
  // Made anew: a file that is there may be open to others, or a way to elsewhere.
  await rm(file, { force: true });
  await writeFile(file, redirectPage(new URL(link)), { mode: 0o600, flag: 'wx' });
  return file;
}

/** An address in the form that `URL` gives it holds no quotation mark and no angle bracket. */
function redirectPage({ href }: URL): string {
  const address = href.replaceAll('&', '&amp;');
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Miyabi Orchestra</title>
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0;url=${address}">
<a href="${address}">Miyabi Orchestra</a>
</html>
`;
}
