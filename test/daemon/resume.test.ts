/** A program that dies in the middle of a task is started again in its own conversation, and the task counts an attempt. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { OrchestraProject, type ProjectOptions } from './orchestra-project.ts';
import './patient.ts';
import { processesOf } from './processes-of.ts';
import { waitUntil } from './wait-until.ts';

let project: OrchestraProject;
afterEach(() => project.remove());

const program = join(import.meta.dirname, '..', 'fixtures', 'agents', 'conversing.sh');

const conversing = (mode: 'task' | 'kept', deaths: number) => ({
  roles: ['codegen'],
  adapter: 'command',
  mode,
  command: [program, 'begin', '{session}', mode],
  resume: [program, 'resume', '{session}', mode],
  environment: { DEATHS: String(deaths) },
});

async function up(mode: 'task' | 'kept', deaths: number, more: Partial<ProjectOptions> = {}): Promise<void> {
  project = await OrchestraProject.create({
    agents: { kaede: conversing(mode, deaths) },
    issues: { '1-one': { title: 'One' } },
    ...more,
  });
  await project.up();
}

/** What each conversation has gone through, by its id. */
async function conversations(): Promise<Map<string, string[]>> {
  const folder = project.state.agent('kaede');
  const files = (await readdir(folder)).filter((name) => name.startsWith('conversation-'));
  const entries = files.map(async (name): Promise<[string, string[]]> => {
    const id = name.slice('conversation-'.length);
    const lines = (await readFile(join(folder, name), 'utf8')).trim().split('\n');
    return [id, lines.map((line) => line.replace(id, 'ID'))];
  });
  return new Map(await Promise.all(entries));
}

/** The task files as the program has read them. */
async function readAll(): Promise<string[]> {
  const folder = project.state.agent('kaede');
  const files = (await readdir(folder)).filter((name) => name.startsWith('read-')).sort();
  return Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
}

const end = (id = '1') =>
  project.fact(
    `the end of task ${id}`,
    ({ name, about }) => about === id && ['task.completed', 'task.failed'].includes(name),
  );
/** With its host a program gets SIGHUP, and may be gone before its turn comes. */
function endIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('ESRCH');
  }
}

const restarts = () =>
  project.factsNamed('node.child.restarted').filter(({ body }) => String(body['path']).includes('agent:'));

describe.each(['task', 'kept'] as const)('mode %s', (mode) => {
  test('it goes on with its conversation, knowing which attempt it is and why the last one ended', async () => {
    await up(mode, 2);
    expect((await end()).name).toBe('task.completed');
    const [lines] = [...(await conversations()).values()];
    expect(lines).toEqual(['begin ID resumed=no', 'resume ID resumed=1', 'resume ID resumed=1']);
    expect(project.factsNamed('task.restarted').map(({ body }) => body['attempt'])).toEqual([2, 3]);
    const [first, read] = await readAll();
    expect(first).not.toContain('What is on record');
    expect(read).toContain('attempt 2 of 3');
    expect(read).toContain('its program ended (SIGKILL) in the middle of the work');
    expect(read).toMatch(/^ {4}Attempt 1 of 3: its program ended \(SIGKILL\)\. It printed last:$/mu);
    expect(read).toMatch(/^ {4}this is too much for me$/mu);
    if (mode === 'kept') {
      const heard = await readFile(join(project.state.agent('kaede'), 'heard'), 'utf8');
      expect(heard).toMatch(
        /task 1, stage codegen, attempt 2 of 3; the last one: its program ended \(SIGKILL\)/u,
      );
    }
  });

  test('after the last attempt the task is failed with the evidence, and a new conversation begins', async () => {
    await up(mode, 99, { config: { scheduler: { maxAttempts: 2 } } });
    const { name, body } = await end();
    expect(name).toBe('task.failed');
    expect(body['reason']).toContain('SIGKILL');
    const evidence = String(body['evidence']).split('\n');
    expect(evidence[0]).toBe('Attempt 2 of 2: its program ended (SIGKILL). It printed last:');
    expect(evidence).toContain('this is too much for me');
    const { stdout } = await project.cli(['task', 'show', '1']);
    expect(stdout).toContain('  Attempt 2 of 2: its program ended (SIGKILL)');
    expect(stdout).toContain('  this is too much for me');
    await project.cli(['task', 'retry', '1']);
    await waitUntil('another conversation', async () => (await conversations()).size > 1);
  });

  test('tasks that kill it, one after the other, do not put it into quarantine', async () => {
    const poison = { title: 'Poison', body: 'POISON', created: '2026-01-01T00:00:00Z' };
    const sound = { title: 'Sound', priority: 3, created: '2026-01-02T00:00:00Z' };
    await up(mode, 0, {
      issues: { '1-p': poison, '2-p': poison, '3-p': poison, '4-sound': sound },
      config: { restart: { intensity: 2, period: 600 } },
    });
    expect((await end('4')).name).toBe('task.completed');
    for (const id of ['1', '2', '3']) expect((await end(id)).name).toBe('task.failed');
    expect(project.factsNamed('task.restarted')).toHaveLength(6);
    expect(project.factsNamed('agent.quarantined')).toEqual([]);
    expect(restarts()).toEqual([]);
  });

  test('when no task at all gets anything out of it, it is the agent that is put into quarantine', async () => {
    const issues = Object.fromEntries(
      Array.from({ length: 9 }, (_, index) => [`${index + 1}-p`, { title: 'One', body: 'POISON' }]),
    );
    const config = { restart: { intensity: 2, period: 600 }, scheduler: { maxAttempts: 2 } };
    await up(mode, 0, { issues, config });
    await project.fact('quarantine', ({ name }) => name === 'agent.quarantined');
    expect(project.factsNamed('task.failed').length).toBeLessThan(7);
  });

  test('dead with its daemon, it is resumed by the next one', async () => {
    const held = { ...conversing(mode, 0), environment: { HOLD: 'yes' } };
    await up(mode, 0, { agents: { kaede: held } });
    await project.fact('its work', ({ name }) => name === 'task.accepted');
    await waitUntil('it to be at it', async () => (await readAll()).length > 0);
    project.daemon.kill('SIGKILL');
    await project.daemon.ended;
    for (const { pid, command } of await processesOf(project.folder)) {
      if (command.includes('conversing.sh')) endIfThere(pid);
    }
    await writeFile(join(project.state.agent('kaede'), 'go'), '');
    await project.up();
    expect((await end()).name).toBe('task.completed');
    expect([...(await conversations()).values()]).toEqual([['begin ID resumed=no', 'resume ID resumed=1']]);
    expect(project.factsNamed('task.restarted').map(({ body }) => body['attempt'])).toEqual([2]);
  });
});
