/** Files for Stately Studio: TypeScript that stands alone, and says of the machine all that its chart does. */
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMachine, StateMachine } from 'xstate';
import { agentMachine } from '../../machines/agent.machine.ts';
import { allMachines } from '../../src/charts/all-machines.ts';
import { chartOf } from '../../src/charts/chart.ts';
import { chartFile } from '../../src/charts/chart-file.ts';
import { exportMachine } from '../../src/charts/export-machine.ts';
import { studioFile } from '../../src/charts/studio-file.ts';
import { packageRoot } from '../../src/package/package-root.ts';
import { everythingMachine } from './everything.machine.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orchestra-studio-'));
  await symlink(join(packageRoot, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  for (const machine of allMachines) await exportMachine(machine, folder);
  await writeFile(join(folder, 'everything.machine.ts'), studioFile(everythingMachine));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each([...allMachines, everythingMachine])('$id', (machine) => {
  test('the file makes a machine with the same chart', async () => {
    const exported: Record<string, unknown> = await import(join(folder, `${machine.id}.machine.ts`));
    const remade = exported[`${machine.id}Machine`];
    if (!(remade instanceof StateMachine)) throw new Error('no machine is exported');
    expect(chartOf(remade)).toEqual(chartOf(machine));
  });

  test('it imports createMachine and nothing else, and holds no function', async () => {
    const text = await readFile(join(folder, `${machine.id}.machine.ts`), 'utf8');
    expect(text.match(/^import .*$/gmu)).toEqual(["import { createMachine } from 'xstate';"]);
    expect(text).not.toMatch(/=>|function|\.\.\./u);
  });
});

test('all of them are valid TypeScript', async () => {
  const files = [...allMachines, everythingMachine].map(({ id }) => join(folder, `${id}.machine.ts`));
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2023'];
  const { stdout } = await execa(join(packageRoot, 'node_modules/.bin/tsc'), [...options, ...files], {
    cwd: folder,
    reject: false,
  });
  expect(stdout).toBe('');
});

test('the drawing beside it is the one of the package', async () => {
  const written = await readFile(join(folder, 'agent.svg'), 'utf8');
  expect(written).toBe(await readFile(chartFile('agent'), 'utf8'));
});

test('what was there under these names is replaced, all else is left', async () => {
  const target = join(folder, 'target');
  await mkdir(target);
  await writeFile(join(target, 'notes.md'), 'mine');
  await writeFile(join(target, 'agent.svg'), 'old');
  const written = await exportMachine(agentMachine, target);
  expect(written).toEqual([join(target, 'agent.svg'), join(target, 'agent.machine.ts')]);
  expect(await readFile(join(target, 'notes.md'), 'utf8')).toBe('mine');
  expect(await readFile(join(target, 'agent.svg'), 'utf8')).toContain('<svg');
});

test('quotes, line breaks and odd keys come through', async () => {
  const description = `it's "quoted" \\ and\nbroken \u2028 ${'`'}here${'`'}`;
  const machine = createMachine({
    id: 'odd',
    description,
    initial: 'a b',
    states: { 'a b': {}, __proto__: {} },
  });
  const file = join(folder, 'odd.machine.ts');
  await writeFile(file, studioFile(machine));
  const { oddMachine } = await import(file);
  expect(oddMachine.config.description).toBe(description);
  expect(Object.keys(oddMachine.states)).toEqual(Object.keys(machine.states));
});
