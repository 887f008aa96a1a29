/** Where the drawings of the machines stand, in the repository and in an installed package. */
import { join } from 'node:path';
import { packageRoot } from '../package/package-root.ts';

export const chartFolder = join(packageRoot, 'machines', 'charts');

/** The drawing of the machine with this id. */
export function chartFile(machine: string): string {
  return join(chartFolder, `${machine}.svg`);
}
