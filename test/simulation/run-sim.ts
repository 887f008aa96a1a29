/** Runs the simulation as `npm run sim` does, in a process of its own: it takes time and surroundings over. */
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { SimulationReport } from './report.ts';

const main = fileURLToPath(new URL('../../dist/test/simulation/main.js', import.meta.url));

export async function runSim(...options: readonly string[]): Promise<SimulationReport> {
  const { stdout, exitCode, stderr } = await execa('node', [main, '--json', ...options], { reject: false });
  try {
    const report: SimulationReport = JSON.parse(stdout);
    if ((exitCode === 1) !== (report.violation !== undefined))
      throw new Error(`it ended with status ${exitCode}`);
    return report;
  } catch (cause) {
    throw new Error(`the simulation gave no report: ${stderr}\n${stdout}`, { cause });
  }
}
