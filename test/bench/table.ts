/** How the benchmarks print what they measured. */
import Table from 'cli-table3';

export function printTable(title: string, head: string[], rows: readonly (string | number)[][]): void {
  const table = new Table({ head, style: { head: [], border: [] } });
  table.push(...rows.map((row) => [...row]));
  process.stdout.write(`\n${title}\n${table.toString()}\n`);
}

/** `3.41 ms` */
export const milliseconds = (value: number): string => `${value.toFixed(2)} ms`;
