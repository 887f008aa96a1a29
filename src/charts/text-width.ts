/** How much room a text takes in a drawing whose fonts are the reader's: never less than it will need. */

/** Classes of letters and their widths in em, as in DejaVu Sans Bold, the widest of the usual system fonts. */
const widths: readonly (readonly [letters: string, em: number])[] = [
  ["'ijlIJ|\\/,. ", 0.39],
  ['!()[]:;-f', 0.46],
  ['rt`_"*', 0.52],
  ['mMW%@', 1.05],
  ['ADGHKNOQRUVXBw&#+<=>^~', 0.87],
];

/** Everything else in ASCII; a letter beyond it may be as wide as it is high. */
const usual = 0.73;
const foreign = 1;

const widthOf = new Map(
  widths.flatMap(([letters, em]) => [...letters].map((letter) => [letter, em] as const)),
);

/** In pixels, for bold text of `size` pixels; other weights are narrower. */
export function textWidth(text: string, size: number): number {
  const ems = [...text].map((letter) => widthOf.get(letter) ?? (letter < '\u007f' ? usual : foreign));
  return Math.ceil(ems.reduce((sum, em) => sum + em, 0) * size);
}
