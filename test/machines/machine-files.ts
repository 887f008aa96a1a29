/** Every machine as its file exports it: `task.machine.ts` exports `taskMachine`. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type AnyStateMachine, StateMachine } from 'xstate';

const folder = join(import.meta.dirname, '..', '..', 'machines');
const ending = '.machine.ts';

export interface MachineFile {
  /** The name of the file without its ending. */
  readonly name: string;
  readonly machine: AnyStateMachine;
}

export async function readMachineFiles(): Promise<MachineFile[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(ending)).sort();
  return Promise.all(files.map((file) => file.slice(0, -ending.length)).map(readMachineFile));
}

async function readMachineFile(name: string): Promise<MachineFile> {
  const exported: Record<string, unknown> = await import(join(folder, name + ending));
  const machine = exported[`${name}Machine`];
  if (machine instanceof StateMachine) return { name, machine };
  throw new Error(`${name}${ending} does not export ${name}Machine`);
}
