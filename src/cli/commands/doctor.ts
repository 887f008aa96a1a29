/** `orchestra doctor`: looks at everything the daemon needs and at what belongs to nobody, says what to mend, and cleans up. */
import { styleText } from 'node:util';
import type { Command } from 'commander';
import { hangingIndent } from '../../terminal/hanging-indent.ts';
import { markedLines, plainText } from '../../terminal/plain-text.ts';
import { callingAgent } from '../caller.ts';
import { CliError } from '../cli-error.ts';
import type { GlobalOptions } from '../daemon-connection.ts';
import { exitCodes } from '../exit-codes.ts';
import { outputColumns, printJson, printLine } from '../output.ts';

const marks = {
  ok: styleText('green', '✔'),
  warning: styleText('yellow', '!'),
  problem: styleText('red', '✘'),
};

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'looks at everything the orchestra needs, and says what to mend; exit 1 when something has to be',
    )
    .option(
      '--clean',
      'clean up processes, panes, worktrees, branches, leases and files that belong to nobody; work that could be lost is kept and named',
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ orchestra doctor\n  $ orchestra doctor --clean\n  $ orchestra doctor --json | jq .',
    )
    .action(async ({ clean, json }: { clean?: true; json?: true }, command: Command) => {
      if (clean && callingAgent())
        throw new CliError('Only people clean up, from outside a pane.', exitCodes.usage);
      const [{ examine }, { abridged }] = await Promise.all([
        import('../doctor/examine.ts'),
        import('../doctor/orphans.ts'),
      ]);
      const findings = await examine(command.optsWithGlobals<GlobalOptions>(), { clean: clean === true });
      if (json) printJson(findings);
      else
        for (const { verdict, what, detail } of abridged(findings))
          printLine(
            hangingIndent(
              `${marks[verdict]} ${what.padEnd(12)} `,
              plainText(markedLines(detail)),
              outputColumns(),
            ),
          );
      if (findings.some(({ verdict }) => verdict === 'problem')) process.exitCode = 1;
    });
}
