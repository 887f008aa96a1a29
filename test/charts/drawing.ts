/** Reads a drawing back: the boxes and texts in it, for tests that look whether it can be read. */
import type { Rectangle } from '../../src/charts/placed-chart.ts';

/** A text and the box it has to stay in. */
interface BoxedText {
  readonly text: string;
  readonly size: number;
  readonly box: Rectangle;
}

export interface Drawing {
  /** Of states without states in them. */
  readonly leaves: readonly Rectangle[];
  /** What the texts on arrows stand on. */
  readonly plates: readonly Rectangle[];
  readonly texts: readonly BoxedText[];
  readonly page: Rectangle;
}

/** @param svg as `chartSvg` writes it: a line for each state and transition */
export function readDrawing(svg: string): Drawing {
  const groups = svg.split('<g class="').slice(1);
  const boxesIn = (group: string, kind: string) => rectangles(group, `rect class="${kind}"`);
  const leaves = groups.filter((group) => /^state (?:atomic|final|history)\b/u.test(group));
  let box: Rectangle | undefined;
  const texts = groups.flatMap((group) => {
    // A transition that stays in a state is written in that state's box.
    const [own] = [...boxesIn(group, 'box'), ...boxesIn(group, 'plate')];
    box = own ?? box;
    return box ? textsIn(group, box) : [];
  });
  const [page] = rectangles(svg, 'rect class="ground"');
  if (!page) throw new Error('the drawing has no ground');
  return {
    leaves: leaves.flatMap((group) => boxesIn(group, 'box')),
    plates: groups.flatMap((group) => boxesIn(group, 'plate')),
    texts,
    page,
  };
}

function textsIn(group: string, box: Rectangle): BoxedText[] {
  return [...group.matchAll(/<text( class="name")?[^>]*>(.*?)<\/text>/gu)].map(([, name, inner = '']) => ({
    text: inner
      .replaceAll(/<[^>]+>/gu, '')
      .replaceAll(/&#(\d+);/gu, (_, code) => String.fromCharCode(Number(code))),
    size: name === undefined ? 11 : 13,
    box,
  }));
}

function rectangles(text: string, start: string): Rectangle[] {
  return [
    ...text.matchAll(new RegExp(`<${start} x="(\\S+)" y="(\\S+)" width="(\\S+)" height="(\\S+)"`, 'gu')),
  ].map(([, x, y, width, height]) => ({
    x: Number(x),
    y: Number(y),
    width: Number(width),
    height: Number(height),
  }));
}

/** Whether two boxes have more than an edge in common. */
export function overlap(a: Rectangle, b: Rectangle): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
