/** The committed drawings: each shows its machine as it is now, whole, and so that every word can be read. */
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { allMachines } from '../../src/charts/all-machines.ts';
import { chartOf } from '../../src/charts/chart.ts';
import { chartFile, chartFolder } from '../../src/charts/chart-file.ts';
import { fingerprintIn, fingerprintOf } from '../../src/charts/fingerprint.ts';
import { textWidth } from '../../src/charts/text-width.ts';
import { overlap, readDrawing } from './drawing.ts';

test('there is one for each machine and none besides', async () => {
  const files = await readdir(chartFolder);
  const expected = allMachines.map(({ id }) => `${id}.svg`);
  expect(files.sort(), '`npm run charts` draws what is missing; delete what is too many').toEqual(expected);
});

describe.each(allMachines.map(chartOf))('$id', async (chart) => {
  const svg = await readFile(chartFile(chart.id), 'utf8');
  const idsIn = (attribute: string) =>
    [...svg.matchAll(new RegExp(` ${attribute}="([^"]+)"`, 'gu'))].map(([, id]) => id);

  test('was drawn from the machine as it is now', () => {
    const hint = `machines/charts/${chart.id}.svg is out of date: run \`npm run charts\` and commit it`;
    expect(fingerprintIn(svg), hint).toBe(fingerprintOf(chart));
  });

  test('has every state and every transition once', () => {
    expect(idsIn('data-state').sort()).toEqual(chart.nodes.map(({ id }) => id).sort());
    expect(idsIn('data-edge').sort()).toEqual(chart.edges.map(({ id }) => id).sort());
  });

  test('says what it is to those who cannot see it', () => {
    expect(svg).toContain(' role="img"');
    expect(svg).toMatch(new RegExp(`<title>Statechart: ${chart.id}</title>\n<desc>\\S`, 'u'));
  });

  test('neither runs nor loads anything', () => {
    expect(svg).not.toMatch(/<script|<foreignObject|<image|\bon\w+=|href|url\(|@import/iu);
  });

  test('no text is wider than its box', () => {
    const { texts } = readDrawing(svg);
    expect(texts.length).toBeGreaterThanOrEqual(chart.nodes.length);
    expect(texts.filter(({ text, size, box }) => textWidth(text, size) > box.width)).toEqual([]);
  });

  test('no text on an arrow covers another or a state, and all is on the page', () => {
    const { leaves, plates, page } = readDrawing(svg);
    expect(plates).toHaveLength(chart.edges.flatMap(({ targets }) => targets).length);
    const boxes = [...leaves, ...plates];
    const pairs = boxes.flatMap((one, index) => boxes.slice(index + 1).map((other) => [one, other] as const));
    expect(pairs.filter(([one, other]) => overlap(one, other))).toEqual([]);
    const right = page.x + page.width;
    const bottom = page.y + page.height;
    const outside = boxes.filter(
      ({ x, y, width, height }) => x < page.x || y < page.y || x + width > right || y + height > bottom,
    );
    expect(outside).toEqual([]);
  });
});
