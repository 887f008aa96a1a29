/** The daemon dies at each step of an agent's work; the next one goes on from there, and the work is done once. */
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OrchestraProject } from './orchestra-project.ts';
import './patient.ts';
import { processesOf } from './processes-of.ts';
import { waitUntil } from './wait-until.ts';
import {
  allow,
  createWitnessed,
  judgement,
  keptWitness,
  killDaemon,
  programGone,
  programOf,
  taskFact,
  taskWitness,
  written,
  wrote,
} from './witnesses.ts';

let project: OrchestraProject;
const path = process.env['PATH'];

/** Git as the daemon finds it stands still at a subcommand while `stall-SUBCOMMAND` is there, and says so. */
const stallingGit = (folder: string) => `#!/bin/sh
for verb in worktree.add status; do
  case "$* " in *"$(echo $verb | tr . ' ') "*)
    while [ -e "${folder}/stall-$verb" ]; do
      touch "${folder}/stalled-$verb"
      kill -0 $PPID 2>/dev/null || exit 1
      sleep 0.02
    done ;;
  esac
done
PATH='${path}' exec git "$@"
`;

beforeEach(async () => {
  project = await createWitnessed(
    { kaede: taskWitness, sakura: keptWitness },
    {
      issues: { '1-one': { title: 'One', labels: ['kaede'] }, '2-two': { title: 'Two', labels: ['sakura'] } },
    },
  );
  const bin = project.path('bin');
  await mkdir(bin);
  await writeFile(`${bin}/git`, stallingGit(project.folder));
  await chmod(`${bin}/git`, 0o755);
  process.env['PATH'] = `${bin}:${path}`;
});
afterEach(async () => {
  process.env['PATH'] = path;
  await project.remove();
});

const stall = (verb: string) => writeFile(project.path(`stall-${verb}`), '');
/** The gits that stood still have seen by now that their daemon is gone: none of them goes on beside the next one's. */
async function goOn(verb: string): Promise<void> {
  await waitUntil('the gits that stood still to end', async () => {
    const processes = await processesOf(project.folder);
    return !processes.some(({ command }) => command.includes(project.path('bin', 'git')));
  });
  await rm(project.path(`stall-${verb}`));
}
const stalled = (verb: string) =>
  waitUntil(`git ${verb} to stand still`, () => existsSync(project.path(`stalled-${verb}`)));

async function allowAll(): Promise<void> {
  for (const [agent, task] of [
    ['kaede', 1],
    ['sakura', 2],
  ] as const) {
    await allow(project, agent, 'accept');
    await allow(project, agent, `go-${task}`);
  }
}

async function upAgain() {
  const from = project.facts.length;
  await project.up();
  return { kaede: await judgement(project, 'kaede', from), sakura: await judgement(project, 'sakura', from) };
}

async function expectDoneOnce(attempts: { kaede: number; sakura: number }): Promise<void> {
  for (const [id, agent] of [
    ['1', 'kaede'],
    ['2', 'sakura'],
  ] as const) {
    await taskFact(project, 'task.completed', id);
    expect(project.factsNamed('task.completed', id)).toHaveLength(1);
    expect(project.factsNamed('task.finished', id)).toHaveLength(1);
    expect(project.factsNamed('task.claimed', id)).toHaveLength(1);
    expect(project.factsNamed('task.restarted', id)).toHaveLength(attempts[agent] - 1);
  }
}

/** `orchestra task done` as the agent's program would ask it. */
async function reportAs(agent: string, held: Record<string, string>) {
  const pid = await programOf(project, agent);
  const environment = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0');
  const own = environment.filter((line) => line.startsWith('ORCHESTRA_')).map((line) => line.split('='));
  return project.cli(['task', 'done'], { env: { ...Object.fromEntries(own), ...held }, reject: false });
}

const adopted = { kaede: 'adopted', sakura: 'adopted' };

test('while it prepares: nothing was begun, and no try is counted', async () => {
  await stall('worktree.add');
  await allowAll();
  await project.up();
  await stalled('worktree.add');
  for (const id of ['1', '2']) await taskFact(project, 'task.claimed', id);
  await killDaemon(project);
  await goOn('worktree.add');
  expect(await upAgain()).toEqual(adopted);
  await expectDoneOnce({ kaede: 1, sakura: 1 });
  expect(await written(project, 'kaede', 'starts')).toHaveLength(1);
  expect(await written(project, 'sakura', 'heard')).toHaveLength(1);
});

test('while it hands over: nobody knows how much was heard, so the program is started anew', async () => {
  await project.up();
  await wrote(project, 'sakura', 'heard');
  await taskFact(project, 'task.accepted', '1');
  await killDaemon(project);
  const { kaede, sakura } = await upAgain();
  expect(kaede).toBe('adopted');
  expect(sakura).toBe('nobody knows whether task 2 was handed over in full');
  await allowAll();
  await expectDoneOnce({ kaede: 1, sakura: 2 });
  expect(await written(project, 'sakura', 'starts')).toHaveLength(2);
});

test('while it records: the outcome is heard again, from the pane or from the program that asks on', async () => {
  await project.up();
  await taskFact(project, 'task.accepted', '1');
  await stall('status');
  await allowAll();
  await taskFact(project, 'task.accepted', '2');
  await wrote(project, 'sakura', 'reporting');
  await programGone(project, 'kaede');
  await stalled('status');
  await killDaemon(project);
  await goOn('status');
  expect(await upAgain()).toEqual(adopted);
  await expectDoneOnce({ kaede: 1, sakura: 1 });
  expect(await written(project, 'kaede', 'starts')).toHaveLength(1);
  expect(await written(project, 'sakura', 'starts')).toHaveLength(1);
});

test('when it is settled: nothing is done again, and a program that was not answered is answered alike', async () => {
  await project.up();
  await allowAll();
  for (const id of ['1', '2']) await taskFact(project, 'task.completed', id);
  await killDaemon(project);
  expect(await upAgain()).toEqual(adopted);
  const again = await reportAs('sakura', { ORCHESTRA_TASK: '2', ORCHESTRA_TOKEN: '1' });
  expect(again).toMatchObject({ exitCode: 0, stdout: 'on record' });
  expect((await reportAs('sakura', { ORCHESTRA_TASK: '1', ORCHESTRA_TOKEN: '1' })).exitCode).not.toBe(0);
  const { stdout } = await project.cli(['tasks', '--json']);
  expect(JSON.parse(stdout).map(({ state }: { state: string }) => state)).toEqual(['done', 'done']);
  await project.writeIssue('3-three', { title: 'Three', labels: ['sakura'] });
  await allow(project, 'sakura', 'go-3');
  await taskFact(project, 'task.completed', '3');
  expect(await written(project, 'sakura', 'starts')).toHaveLength(1);
  const complaints = await written(project, 'sakura', 'refused');
  expect(complaints.filter((line) => !line.startsWith('Nobody takes the report yet'))).toEqual([]);
});
