/** Carries out `orchestra up`: loaded only then, because it brings the whole daemon along. */
import { resolve } from 'node:path';
import { readConfig } from '../../config/read-config.ts';
import { startDaemon } from '../../daemon/start-daemon.ts';
import { createSample } from '../../sample/create-sample.ts';
import { locateState } from '../../state-folder/locate-state.ts';
import { createStateFolder, stateFolder } from '../../state-folder/state-folder.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { type GlobalOptions, placeOfConfig } from '../find-state.ts';
import { printNotice } from '../output.ts';
import { detach } from './detach.ts';
import { endProcess } from './end-process.ts';
import { EndRequests } from './end-requests.ts';
import { forgetTasks } from './forget-tasks.ts';
import { show } from './show.ts';

export interface UpOptions extends GlobalOptions {
  sample?: true;
  fresh?: true;
  untilIdle?: true;
  plain?: true;
  detach?: true;
}

/** Returns the exit status when everything has ended. */
export async function runUp(options: UpOptions): Promise<number> {
  const { file, project } = await placeOfConfig(options);
  const config = await readConfig(file);
  const named = options.stateFolder;
  const state =
    named === undefined ? locateState(project, config.state, process.env) : stateFolder(resolve(named));
  if (options.fresh && !options.sample) {
    throw new CliError('--fresh goes with --sample: it never touches a project of yours.', exitCodes.usage);
  }
  if (options.detach) {
    await detach(state);
    return 0;
  }
  await createStateFolder(state);
  if (options.fresh) await forgetTasks(state);
  if (options.sample) await createSample(state.sample, { fresh: options.fresh === true });

  printNotice(`Starting ${config.name} on ${state.root} …`);
  const requests = new EndRequests();
  try {
    const daemon = await startDaemon({ configFile: file, project, config, state }, requests.signal);
    requests.serve(daemon);
    void daemon.ended.then((end) => endProcess(end, daemon.world.log));
    const shown = options.plain || !process.stdout.isTTY ? 'lines' : 'picture';
    return await show(daemon, { shown, untilIdle: options.untilIdle === true });
  } finally {
    requests.release();
  }
}
