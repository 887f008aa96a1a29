/** Supervision: restarts a second, each awaited, and memory for each child; Erlang's own supervisor beside ours. */
import { join } from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../../src/package/package-root.ts';
import { hasErlang } from '../supervision/otp/erlang.ts';
import { median } from './percentiles.ts';
import { superviseChildren } from './supervised-children.ts';
import { printTable } from './table.ts';

const sizes = [10, 100, 1000];
const crashes = 1000;
const rounds = 3;

interface Measured {
  readonly restarts: number;
  /** For each child, its share of the supervisor's included. */
  readonly bytes: number;
}

export async function supervision(): Promise<void> {
  const isCompared = hasErlang();
  if (!isCompared)
    process.stdout.write('\nErlang is not compared: escript is missing (npm run test:otp gets it).\n');
  const rows: string[][] = [];
  for (const size of sizes) {
    const ours = { restarts: await medianOf(() => restartsASecond(size)), bytes: await bytesAChild(size) };
    const otp = isCompared ? await measureErlang(size) : null;
    rows.push([
      String(size),
      ...columns(ours.restarts, otp?.restarts, ''),
      ...columns(ours.bytes, otp?.bytes, ' B'),
    ]);
  }
  printTable(
    `one_for_one, ${crashes} crashes in turn, each awaited until the child runs again (median of ${rounds})`,
    ['children', 'restarts/s, ours', 'Erlang/OTP', 'ratio', 'memory a child, ours', 'Erlang/OTP', 'ratio'],
    rows,
  );
}

function columns(ours: number, erlang: number | undefined, unit: string): string[] {
  const text = (value: number): string => `${value.toLocaleString('en')}${unit}`;
  return erlang === undefined
    ? [text(ours), '–', '–']
    : [text(ours), text(erlang), (ours / erlang).toPrecision(2)];
}

async function medianOf(measure: () => Promise<number>): Promise<number> {
  const samples: number[] = [];
  for (let round = 0; round < rounds; round += 1) samples.push(await measure());
  return median(samples);
}

/** Beyond ten in the period each restart waits for the event loop's next turn; that is part of what is measured. */
async function restartsASecond(size: number): Promise<number> {
  const { supervisor, crash, starts } = superviseChildren(size);
  const begun = performance.now();
  for (let left = crashes; left > 0; left -= 1) await crash(left % size);
  const seconds = (performance.now() - begun) / 1000;
  if (starts() !== size + crashes) throw new Error('a child was not restarted');
  supervisor.send({ type: 'shutdown' });
  return Math.round(crashes / seconds);
}

async function bytesAChild(size: number): Promise<number> {
  const program = join(import.meta.dirname, 'supervision-memory.js');
  const { stdout } = await execa(process.execPath, ['--expose-gc', program, String(size)]);
  return Number(stdout);
}

async function measureErlang(size: number): Promise<Measured> {
  const program = join(packageRoot, 'test', 'bench', 'supervision-otp.escript');
  const samples: Measured[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const { stdout } = await execa('escript', [program, String(size), String(crashes)]);
    const [restarts, bytes] = stdout.split(' ').map(Number);
    if (restarts === undefined || bytes === undefined) throw new Error(`escript said: ${stdout}`);
    samples.push({ restarts, bytes });
  }
  return {
    restarts: median(samples.map((one) => one.restarts)),
    bytes: median(samples.map((one) => one.bytes)),
  };
}
