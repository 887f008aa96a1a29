/** `orchestra doctor`: looks at everything the daemon needs and says what to mend. */
import { styleText } from 'node:util';
import type { Command } from 'commander';
import type { GlobalOptions } from '../daemon-connection.ts';
import { printJson, printLine } from '../output.ts';

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
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  $ orchestra doctor\n  $ orchestra doctor --json | jq .')
    .action(async ({ json }: { json?: true }, command: Command) => {
      const { examine } = await import('../doctor/examine.ts');
      const findings = await examine(command.optsWithGlobals<GlobalOptions>());
      if (json) printJson(findings);
      else
        for (const { verdict, what, detail } of findings)
          printLine(`${marks[verdict]} ${what.padEnd(12)} ${detail}`);
      if (findings.some(({ verdict }) => verdict === 'problem')) process.exitCode = 1;
    });
}
