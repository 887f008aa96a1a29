/** Carries out `orchestra restore`. */
import { resolve } from 'node:path';
import { restoreBackup } from '../../backup/restore-backup.ts';
import { readConfig } from '../../config/read-config.ts';
import { commandName } from '../command-name.ts';
import { findState, type GlobalOptions, placeOfConfig } from '../find-state.ts';
import { printJson, printLine } from '../output.ts';
import { contentsJson, contentsLines } from './contents-lines.ts';
import { ProgressLine } from './progress-line.ts';

export async function runRestore(name: string, options: GlobalOptions & { json?: true }): Promise<void> {
  const { file: configFile, project } = await placeOfConfig(options);
  const config = await readConfig(configFile);
  const state = await findState(options);
  const progress = new ProgressLine();
  const { file, head, manifest, notes } = await restoreBackup({
    file: resolve(name),
    state,
    repository: resolve(project, config.repository),
    server: config.nats.server,
    onProgress: (what) => progress.show(`restoring: ${what} …`),
  }).finally(() => progress.clear());
  if (options.json) return printJson({ file, state: state.root, ...contentsJson(head, manifest), notes });
  printLine(`restored to ${state.root}`);
  for (const line of [...contentsLines(head, manifest), ...notes]) printLine(line);
  printLine(`Every key is new. \`${commandName()} up\` goes on from there.`);
}
