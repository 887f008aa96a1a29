/** What a running daemon leaves for the CLI: where its bus is, whose key to use, how to attach. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { StateFolderError } from './state-folder-error.ts';

const DaemonFile = z.object({
  pid: z.int(),
  /** With the pid it names this very process (unit: see ProcessIdentity): a killed daemon cannot take its file away. */
  processStart: z.int(),
  startedAt: z.string(),
  natsUrl: z.string(),
  /** Path of the operator's nkey seed. */
  operatorKey: z.string(),
  /** What a person types to see the panes. */
  attach: z.array(z.string()),
  config: z.string(),
});
export type DaemonFile = z.infer<typeof DaemonFile>;

export async function writeDaemonFile(file: string, content: DaemonFile): Promise<void> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}

/** Undefined when no daemon has left one, or what is there makes no sense. @throws StateFolderError */
export async function readDaemonFile(file: string): Promise<DaemonFile | undefined> {
  try {
    const parsed = DaemonFile.safeParse(JSON.parse(await readFile(file, 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw new StateFolderError(dirname(file), error);
  }
}

export async function removeDaemonFile(file: string): Promise<void> {
  await rm(file, { force: true });
}
