/** Carries out `orchestra backup`. */
import { access, constants } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { verifyArchive } from '../../backup/archive-reader.ts';
import { backUp } from '../../backup/back-up.ts';
import { BackupError } from '../../backup/backup-error.ts';
import { readConfig } from '../../config/read-config.ts';
import { packageVersion } from '../../package/package-root.ts';
import { runningDaemon } from '../daemon-connection.ts';
import { findState, type GlobalOptions, placeOfConfig } from '../find-state.ts';
import { interruptibly } from '../interruption.ts';
import { printJson, printLine } from '../output.ts';
import { contentsJson, contentsLines, leftOut } from './contents-lines.ts';
import { ProgressLine, sizeText } from './progress-line.ts';

export async function runBackup(name: string, options: GlobalOptions & { json?: true }): Promise<void> {
  const file = resolve(name);
  await requireFolder(dirname(file));
  const { file: configFile, project } = await placeOfConfig(options);
  const config = await readConfig(configFile);
  const state = await findState(options);
  const progress = new ProgressLine();
  const { size, head, manifest } = await interruptibly(async (signal) =>
    backUp({
      file,
      state,
      config: configFile,
      server: config.nats.server,
      daemon: await runningDaemon(state),
      git: { repository: resolve(project, config.repository), worktrees: state.worktrees },
      product: packageVersion(),
      node: config.node,
      onProgress: (what, packed) => progress.show(`packing ${what}, ${sizeText(packed)} so far …`),
      signal,
    }),
  ).finally(() => progress.clear());
  if (options.json) return printJson({ file, size, ...contentsJson(head, manifest) });
  printLine(`${file}, ${sizeText(size)}`);
  for (const line of [...contentsLines(head, manifest).slice(1), ...leftOut]) printLine(line);
}

/** Before anything is begun. @throws BackupError `unwritable` */
async function requireFolder(folder: string): Promise<void> {
  try {
    await access(folder, constants.W_OK);
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const message = isMissing
      ? `There is no folder ${folder}: make it, or name a file in another one.`
      : `Nothing can be written to ${folder} (${(cause as Error).message}): name a file in a folder that is yours.`;
    throw new BackupError('unwritable', message, cause);
  }
}

/** Reads the whole file and says whether it is right. */
export async function runVerify(name: string, options: { json?: true }): Promise<void> {
  const file = resolve(name);
  const progress = new ProgressLine();
  let read = 0;
  const { head, manifest } = await verifyArchive(file, (entry, chunk) => {
    read += chunk.byteLength;
    progress.show(`reading ${entry}, ${sizeText(read)} so far …`);
  }).finally(() => progress.clear());
  if (options.json) return printJson({ file, ...contentsJson(head, manifest) });
  printLine(`${file} is whole and undamaged`);
  for (const line of contentsLines(head, manifest)) printLine(line);
}
