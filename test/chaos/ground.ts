/** Where a run takes place: a project with its agents and issues, and beside the state folder the witnesses' own folder. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { packageRoot } from '../../src/package/package-root.ts';
import { importIssues } from '../../src/tracker/import-issues.ts';
import { createProject, type Project } from '../bench/project.ts';
import { type ChaosIssue, routes } from './issues.ts';
import { keepFromSmallDisk, mountSmallDisk, unmountSmallDisk } from './small-disk.ts';

export interface Ground extends Project {
  /** What the programs of the agents say happened; outside the state folder. */
  readonly witness: string;
  /** Where the daemon's process is told to misbehave. */
  readonly control: string;
  /** Those in the tracker. */
  readonly issuesDrawn: ChaosIssue[];
  /** Leaves everything to be looked at. */
  keep(): Promise<void>;
}

export const flow = ['codegen', 'deploy'];
export const maxAttempts = 8;

const program = (name: string): string => join(packageRoot, 'test', 'chaos', 'fixtures', name);

/** A program for each task, one that keeps running, and sample agents; who deploys is alone with it, so that pushes do not race. */
function agentsOf(witness: string): Record<string, object> {
  const environment = { CHAOS_WITNESS: witness };
  const kept = { adapter: 'command', mode: 'kept', accept: 'report' };
  return {
    kaede: { roles: ['codegen'], adapter: 'command', command: [program('task-worker.sh')], environment },
    momiji: {
      roles: ['codegen'],
      ...kept,
      command: [program('kept-worker.mjs'), '{session}'],
      resume: [program('kept-worker.mjs'), '{session}', 'resumed'],
      environment,
    },
    sakura: { roles: ['codegen'], adapter: 'sample', pace: 100 },
    botan: { roles: ['deploy'], adapter: 'sample', pace: 100 },
  };
}
export const agentNames = ['kaede', 'momiji', 'sakura', 'botan'] as const;

/** Makes the project and imports the issues; with `smallDisk` the state folder gets a disk of its own, where that is allowed. */
export async function prepareGround(
  issues: readonly ChaosIssue[],
  { smallDisk }: { readonly smallDisk: boolean },
): Promise<Ground> {
  const project = await createProject({});
  const ground: Ground = {
    ...project,
    issuesDrawn: [],
    witness: join(project.root, 'witness'),
    control: join(project.root, 'control'),
    keep: () => keepFromSmallDisk(project.state.root),
    async remove() {
      unmountSmallDisk(project.state.root);
      await project.remove();
    },
  };
  if (smallDisk) mountSmallDisk(project.state.root);
  for (const folder of ['tasks', 'locks']) await mkdir(join(ground.witness, folder), { recursive: true });
  await mkdir(ground.control);
  await writeFile(join(ground.witness, 'log'), '');
  await writeFile(ground.configFile, stringify(configOf(ground)));
  await addIssues(ground, issues);
  return ground;
}

/** Imports more issues; the tracker must not be broken meanwhile. */
export async function addIssues(ground: Ground, issues: readonly ChaosIssue[]): Promise<void> {
  for (const { id, kind, steps, pause } of issues)
    await writeFile(join(ground.witness, 'tasks', id), `${kind} ${steps} ${pause}\n`);
  ground.issuesDrawn.push(...issues);
  const exported = join(ground.root, 'issues.json');
  await writeFile(exported, JSON.stringify(ground.issuesDrawn.map(({ record }) => record)));
  await importIssues({ file: exported, folder: ground.issues });
}

/**
 * Attempts are so many that faults alone do not use them up: what fails then fails for a reason of its own. An agent that is
 * hit too often is in quarantine for a few seconds, and has to come out of it by itself.
 */
function configOf({ witness }: Ground): object {
  return {
    repository: 'repository',
    tracker: { kind: 'local', folder: 'issues', comments: 'all' },
    push: 'stage',
    state: 'state',
    flow,
    routes,
    agents: agentsOf(witness),
    scheduler: { maxAttempts, lease: '10s', tick: '1s' },
    restart: { intensity: 10, period: 60, cooldown: '3s' },
    sweep: { interval: '5s' },
    watchdog: { stall: '60s', step: '10s' },
    // What ends in good order does so on a busy machine, too.
    shutdown: { timeout: '60s' },
  };
}
