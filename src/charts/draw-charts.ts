/** Draws every machine into machines/charts (`npm run charts`). Needs elkjs, which is installed for development only. */
import { mkdir, writeFile } from 'node:fs/promises';
import { allMachines } from './all-machines.ts';
import { chartOf } from './chart.ts';
import { chartFile, chartFolder } from './chart-file.ts';
import { chartSvg } from './chart-svg.ts';
import { layoutChart } from './layout-chart.ts';

await mkdir(chartFolder, { recursive: true });
for (const machine of allMachines) {
  const file = chartFile(machine.id);
  await writeFile(file, chartSvg(await layoutChart(chartOf(machine))));
  process.stdout.write(`drew ${file}\n`);
}
