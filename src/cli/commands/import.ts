/** `orchestra import`: issues from a JSON or JSONL file into the local tracker's folder. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { readConfig } from '../../config/read-config.ts';
import { plainText } from '../../terminal/plain-text.ts';
import { CliError } from '../cli-error.ts';
import { type GlobalOptions, placeOfConfig } from '../find-state.ts';
import { printJson, printLine, printNotice } from '../output.ts';
import { positiveInteger } from './tasks.ts';

interface ImportOptions {
  limit?: number;
  reopen?: true;
  overwrite?: true;
  to?: string;
  json?: true;
}

export function addImport(program: Command): void {
  program
    .command('import <file>')
    .description('takes issues from a JSON or JSONL file into the local tracker')
    .option('--to <folder>', 'the folder of issues (otherwise as the config says)')
    .option('--limit <count>', 'at most so many', positiveInteger)
    .option('--reopen', 'take closed issues as open ones')
    .option('--overwrite', 'replace issues that are there already')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ gh issue list --limit 500 --json number,title,body,labels,createdAt,state > issues.json\n  $ orchestra import issues.json',
    )
    .action(async (file: string, options: ImportOptions, command: Command) => {
      const folder = options.to === undefined ? await configuredFolder(command) : resolve(options.to);
      const { importIssues } = await import('../../tracker/import-issues.ts');
      const { limit, reopen = false, overwrite = false } = options;
      const result = await importIssues({
        file: resolve(file),
        folder,
        reopen,
        overwrite,
        ...(limit === undefined ? {} : { limit }),
      });
      if (options.json) printJson(result);
      else {
        for (const { file: source, line, column, message } of result.problems)
          printNotice(plainText(`${source}:${line}:${column} ${message}`));
        printLine(`${result.imported} imported into ${folder}, ${result.kept} there already`);
      }
      const { length: count } = result.problems;
      if (count > 0) throw new CliError(shortfall(count, result.imported + result.kept));
    });
}

/** A record can have more than one fault. */
function shortfall(problems: number, inside: number): string {
  const faults = `${problems} ${problems === 1 ? 'fault' : 'faults'} in the file`;
  return inside > 0 ? `${faults}; the rest is in.` : `${faults}; nothing was imported.`;
}

async function configuredFolder(command: Command): Promise<string> {
  const { file, project } = await placeOfConfig(command.optsWithGlobals<GlobalOptions>());
  return resolve(project, (await readConfig(file)).tracker.folder);
}
