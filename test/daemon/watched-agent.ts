/** One agent of mode kept that runs a shell script, with one issue and a watchdog in a hurry. */
import { OrchestraProject } from './orchestra-project.ts';

/** @param watchdog the config's `watchdog` section */
export async function watchedAgent(script: string, watchdog: object): Promise<OrchestraProject> {
  const project = await OrchestraProject.create({
    agents: {
      kaede: {
        roles: ['codegen'],
        adapter: 'command',
        command: ['sh', '-c', script],
        mode: 'kept',
        accept: 'none',
      },
    },
    issues: { '1-one': { title: 'One' } },
    config: { watchdog },
  });
  await project.up();
  return project;
}
