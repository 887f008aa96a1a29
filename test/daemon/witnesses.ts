/** Agents that write down what befalls them, and a daemon over them that is killed and followed by another. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning, readProcess } from '../../src/processes/process-table.ts';
import { OrchestraProject, type ProjectOptions } from './orchestra-project.ts';
import { waitUntil } from './wait-until.ts';

const program = (name: string) => join(import.meta.dirname, '../fixtures/agents', name);

/** A program for each task; it ends when it may. */
export const taskWitness = {
  roles: ['codegen'],
  adapter: 'command',
  command: [program('task-witness.sh')],
};

/** One program all the time. */
export const keptWitness = {
  ...taskWitness,
  mode: 'kept',
  accept: 'report',
  command: [program('kept-witness.sh')],
};

/** Agents by name; an issue labelled with a name goes to that agent. */
export async function createWitnessed(
  agents: Record<string, object>,
  { config, ...options }: Partial<ProjectOptions> = {},
): Promise<OrchestraProject> {
  const routes = Object.keys(agents).map((agent) => ({ labels: [agent], agents: { codegen: agent } }));
  const project = await OrchestraProject.create({ agents, ...options, config: { routes, ...config } });
  for (const agent of Object.keys(agents)) await mkdir(project.state.agent(agent), { recursive: true });
  return project;
}

/** SIGKILL, as when the kernel or a person ends it. */
export async function killDaemon(project: OrchestraProject): Promise<void> {
  project.daemon.kill('SIGKILL');
  await project.daemon.ended;
}

export async function allow(
  project: OrchestraProject,
  agent: string,
  what: string,
  text = '0',
): Promise<void> {
  await writeFile(join(project.state.agent(agent), what), text);
}

/** What an agent has written down, line by line. */
export async function written(project: OrchestraProject, agent: string, file: string): Promise<string[]> {
  const text = await readFile(join(project.state.agent(agent), file), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}

export const wrote = (project: OrchestraProject, agent: string, file: string) =>
  waitUntil(`${file} of ${agent}`, () => existsSync(join(project.state.agent(agent), file)));

/** The program that the agent started last; it may be at work for a moment before it has written that down. */
export const programOf = (project: OrchestraProject, agent: string): Promise<number> =>
  waitUntil(
    `the program of ${agent}`,
    async () => Number((await written(project, agent, 'starts')).at(-1) ?? 0) || undefined,
  );

/** Resolves when that program is gone. */
export async function programGone(project: OrchestraProject, agent: string): Promise<void> {
  const pid = await programOf(project, agent);
  const entry = await readProcess(pid);
  if (entry) await waitUntil(`program ${pid} to be gone`, async () => !(await isRunning(entry)));
}

/** A fact about a task, told since `from`. */
export const taskFact = (project: OrchestraProject, name: string, id = '1', from = 0) =>
  project.fact(`${name} of task ${id}`, (fact) => fact.name === name && fact.about === id, from);

/** What the daemon that is up now has made of what it found of an agent. */
export async function judgement(project: OrchestraProject, agent: string, from: number) {
  const { name, body } = await project.fact(
    `adoption of ${agent}`,
    ({ name, about }) => about === agent && (name === 'agent.adopted' || name === 'agent.adoption.refused'),
    from,
  );
  return name === 'agent.adopted' ? ('adopted' as const) : String(body['reason']);
}
