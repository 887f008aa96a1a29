/** `orchestra up`: starts the orchestra and shows it, until it is asked to stop or has nothing left to do. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { findConfig } from '../../config/find-config.ts';
import { readConfig } from '../../config/read-config.ts';
import { startDaemon } from '../../daemon/start-daemon.ts';
import { createSample } from '../../sample/create-sample.ts';
import { locateState } from '../../state-folder/locate-state.ts';
import { stateFolder } from '../../state-folder/state-folder.ts';
import { CliError } from '../cli-error.ts';
import type { GlobalOptions } from '../daemon-connection.ts';
import { printNotice } from '../output.ts';
import { detach } from '../up/detach.ts';
import { superviseSignals } from '../up/signals.ts';
import { show } from '../up/show.ts';

interface UpOptions {
  sample?: true;
  fresh?: true;
  untilIdle?: true;
  plain?: true;
  detach?: true;
}

export function addUp(program: Command): void {
  program
    .command('up')
    .description('starts the orchestra and shows what it does')
    .option('--sample', "make the sample project where the config expects it, if it isn't there")
    .option('--fresh', 'with --sample: throw the sample and everything about its tasks away and begin anew')
    .option('--until-idle', 'end when nothing is left to do: exit 0 when all tasks are done, 1 when some are not')
    .option('--plain', 'one line a fact, also on a terminal')
    .option('-d, --detach', 'go on in the background; `orchestra down` ends it')
    .addHelpText(
      'after',
      `
Examples:
  $ orchestra up                       on a terminal a live picture, elsewhere one line a fact
  $ orchestra up --until-idle          work everything off, then end with a summary
  $ orchestra up --detach && orchestra status`,
    )
    .action(async (options: UpOptions, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      const { file, project } = await findConfig(globals.config ?? process.env['ORCHESTRA_CONFIG'], process.cwd());
      const config = await readConfig(file);
      const state = globals.state === undefined ? locateState(project, config.state, process.env) : stateFolder(resolve(globals.state));
      if (options.detach) return detach(state);
      if (options.fresh && !options.sample) throw new CliError('--fresh goes with --sample: it never touches a project of yours.');
      if (options.sample) await createSample(state.sample, { fresh: options.fresh === true });

      const shown = options.plain || !process.stdout.isTTY ? 'lines' : 'picture';
      printNotice(`Starting ${config.name} on ${state.root} …`);
      const daemon = await startDaemon({ configFile: file, project, config, state });
      const releaseSignals = superviseSignals(daemon);
      try {
        process.exitCode = await show(daemon, { shown, untilIdle: options.untilIdle === true });
      } finally {
        releaseSignals();
      }
    });
}
