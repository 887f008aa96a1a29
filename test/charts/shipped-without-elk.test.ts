/** elkjs (EPL-2.0 or GPL-3.0) is a tool of developers: nothing that ships with the package or runs at a user's needs it. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/package/package-root.ts';

const source = join(packageRoot, 'src');
const files = (await readdir(source, { recursive: true })).filter((file) => /\.(?:ts|tsx|mjs)$/u.test(file));
const imports = new Map(
  await Promise.all(files.map(async (file) => [file, await readFile(join(source, file), 'utf8')] as const)),
);

/** The files of src that import what matches. */
function importersOf(module: RegExp): string[] {
  return [...imports]
    .filter(([, text]) => module.test(text))
    .map(([file]) => file)
    .sort();
}

test('only the layout uses it', () => {
  expect(importersOf(/from 'elkjs/u)).toEqual(['charts/elk-graph.ts', 'charts/layout-chart.ts']);
});

test('only the program that draws uses the layout, and nobody imports that program', () => {
  expect(importersOf(/from '.*\/elk-graph\.ts'/u)).toEqual(['charts/layout-chart.ts']);
  expect(importersOf(/(?:from |import\()'.*\/layout-chart\.ts'/u)).toEqual(['charts/draw-charts.ts']);
  expect(importersOf(/'.*\/draw-charts\.ts'/u)).toEqual([]);
});

test('it is a development dependency', async () => {
  const manifest = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8'));
  expect(Object.keys(manifest.devDependencies)).toContain('elkjs');
  expect(Object.keys(manifest.dependencies)).not.toContain('elkjs');
});
