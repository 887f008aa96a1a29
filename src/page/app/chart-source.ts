/** The drawings of the machines: fetched once each, parsed as XML, freed of anything that is not drawing. */

export interface Drawing {
  /** To be cloned for each place where it is shown. */
  readonly svg: SVGSVGElement;
  /** The drawing's own rules; a policy that forbids inline styles lets only a constructed sheet through. */
  readonly sheet: CSSStyleSheet;
  readonly width: number;
  readonly height: number;
}

const drawings = new Map<string, Promise<Drawing | undefined>>();

/** The drawing of a machine; undefined when there is none. */
export function drawingOf(machine: string): Promise<Drawing | undefined> {
  const known = drawings.get(machine);
  if (known !== undefined) return known;
  const fetched = fetchDrawing(machine);
  drawings.set(machine, fetched);
  // What failed is asked for again the next time.
  void fetched.then((drawing) => {
    if (!drawing) drawings.delete(machine);
  });
  return fetched;
}

async function fetchDrawing(machine: string): Promise<Drawing | undefined> {
  try {
    const response = await fetch(`/charts/${encodeURIComponent(machine)}.svg`);
    return response.ok ? readDrawing(await response.text()) : undefined;
  } catch {
    return undefined;
  }
}

/** Elements that a chart is drawn with; all others are left out. */
const drawn = new Set(
  'svg g defs marker title desc path rect circle ellipse line polyline polygon text tspan'.split(' '),
);

/** The drawing's rules, taken out before it is parsed: even a document that is nowhere shown may apply no inline style. */
const styles = /<style>([^<]*)<\/style>/gu;

function readDrawing(text: string): Drawing | undefined {
  const svg = new DOMParser().parseFromString(text.replace(styles, ''), 'image/svg+xml').documentElement;
  if (!(svg instanceof SVGSVGElement)) return undefined;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync([...text.matchAll(styles)].map(([, rules = '']) => rules).join('\n'));
  for (const element of [...svg.querySelectorAll('*')]) if (!drawn.has(element.localName)) element.remove();
  for (const element of [svg, ...svg.querySelectorAll('*')])
    for (const { name } of [...element.attributes])
      if (/^on|href$|^style$/iu.test(name)) element.removeAttribute(name);
  const { width, height } = svg.viewBox.baseVal;
  return { svg, sheet, width, height };
}
