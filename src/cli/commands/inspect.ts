/** `orchestra inspect`: the page that shows every statechart at work, in a browser. */
import type { Command } from 'commander';
import { forPeople } from '../caller.ts';
import type { GlobalOptions } from '../find-state.ts';
import { pageLink, showPage } from '../inspect/show-page.ts';
import { printJson } from '../output.ts';

interface InspectOptions {
  open: boolean;
  json?: true;
  stately?: true;
}

export function addInspect(program: Command): void {
  forPeople(program.command('inspect'))
    .description('shows every statechart at work, in a browser')
    .option('--stately', 'begin with the Stately Inspector, which is loaded from the internet')
    .option('--no-open', 'only print the link')
    .option('--json', 'print JSON, and open nothing')
    .addHelpText(
      'after',
      `
The link is good for one browser, once, within two minutes.

Examples:
  $ orchestra inspect
  $ orchestra inspect --json | jq -r .url`,
    )
    .action(async ({ open, json, stately }: InspectOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const link = await pageLink(options, stately ? { stately } : {});
      const { url, note } = link;
      if (json) return printJson({ url, ...(note !== undefined && { note }) });
      await showPage(link, open);
    });
}
