/** Every machine of the product, as its folder holds them; so a rule that is tested on them holds for new ones too. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type AnyStateMachine, StateMachine } from 'xstate';

const folder = join(import.meta.dirname, '..', '..', '..', 'machines');

/** The machines with their names: `task.machine.ts` exports `taskMachine`. */
export async function productMachines(): Promise<{ name: string; machine: AnyStateMachine }[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.machine.ts'));
  return Promise.all(files.map(machineIn));
}

async function machineIn(file: string): Promise<{ name: string; machine: AnyStateMachine }> {
  const name = file.replace('.machine.ts', '');
  const exported: Record<string, unknown> = await import(join(folder, file));
  const machine = exported[`${name}Machine`];
  if (machine instanceof StateMachine) return { name, machine };
  throw new Error(`${file} does not export ${name}Machine`);
}
