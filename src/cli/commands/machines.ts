/** `orchestra machines`: the statecharts behind it all, as a list, as drawings, and as files for Stately Studio. */
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { AnyStateMachine } from 'xstate';
import { chartOf } from '../../charts/chart.ts';
import { makeFolder } from '../../state-folder/make-folder.ts';
import { formatTable } from '../../terminal/table.ts';
import { nearestName } from '../../text/nearest-name.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { outputColumns, printJson, printLine } from '../output.ts';

interface MachinesOptions {
  out?: string;
  json?: true;
}

export function addMachines(program: Command): void {
  program
    .command('machines [name...]')
    .description('the statecharts behind it all; --out writes them as drawings and for Stately Studio')
    .option('--out <folder>', 'write each as <name>.svg and <name>.machine.ts into this folder', folderName)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ orchestra machines
  $ orchestra machines agent supervisor --out charts

<name>.machine.ts is code for Stately Studio to import: names in place of implementations.`,
    )
    .action(async (names: string[], { out, json }: MachinesOptions) => {
      const machines = await machinesNamed(names);
      const entries = machines.map(describe);
      if (out === undefined) {
        if (json) return printJson(entries);
        const rows = entries.map(({ id, states, description }) => [id, `${states}`, description]);
        return printLine(formatTable(['MACHINE', 'STATES', 'WHAT IT IS'], rows, outputColumns()));
      }
      const files = await exportAll(machines, resolve(out));
      if (json) return printJson(entries.map((entry) => ({ ...entry, files: files.get(entry.id) ?? [] })));
      printLine([...files.values()].flat().join('\n'));
    });
}

function folderName(value: string): string {
  if (value !== '') return value;
  throw new InvalidArgumentError('name a folder; . is the one you are in');
}

/** All machines if no name is given. Loaded here: no other command needs them. */
async function machinesNamed(names: readonly string[]): Promise<readonly AnyStateMachine[]> {
  const { allMachines } = await import('../../charts/all-machines.ts');
  const known = allMachines.map(({ id }) => id);
  for (const name of names) if (!known.includes(name)) throw unknownMachine(name, known);
  return names.length === 0 ? allMachines : allMachines.filter(({ id }) => names.includes(id));
}

function unknownMachine(name: string, known: readonly string[]): CliError {
  const meant = nearestName(name, known);
  const hint = meant === undefined ? `There are: ${known.join(', ')}.` : `Did you mean "${meant}"?`;
  return new CliError(`There is no machine "${name}". ${hint}`, exitCodes.usage);
}

function describe(machine: AnyStateMachine) {
  const { id, nodes, edges } = chartOf(machine);
  // The outermost node is the machine itself.
  return {
    id,
    description: nodes[0]?.description ?? '',
    states: nodes.length - 1,
    transitions: edges.length,
  };
}

/** @returns the paths written, by the machine's id */
async function exportAll(machines: readonly AnyStateMachine[], folder: string) {
  const { exportMachine } = await import('../../charts/export-machine.ts');
  const files = new Map<string, string[]>();
  try {
    await makeFolder(folder);
    for (const machine of machines) files.set(machine.id, await exportMachine(machine, folder));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(`cannot write the machines into ${folder}: ${reason}`, exitCodes.cannotCreate, error);
  }
  return files;
}
