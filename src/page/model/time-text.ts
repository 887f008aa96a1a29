/** Lengths of time, and how often something happened, as short text. Pure. */

const units: readonly (readonly [letter: string, ms: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
];

/** Only the largest unit: `3s`, `4m`, `2d`. */
export function roughLengthText(ms: number): string {
  return lengthText(ms).split(' ')[0] ?? '';
}

/** The largest unit and the one below it: `3s`, `4m 12s`, `2d 5h`. */
export function lengthText(ms: number): string {
  const first = units.findIndex(([, size]) => ms >= size);
  if (first === -1) return '0s';
  const [letter, size] = units[first] ?? ['s', 1_000];
  const below = units[first + 1];
  const rest = below ? Math.floor((ms % size) / below[1]) : 0;
  const whole = `${Math.floor(ms / size)}${letter}`;
  return below && rest > 0 ? `${whole} ${rest}${below[0]}` : whole;
}

/** How often: `never`, `once`, `3 times`. */
export function timesText(count: number): string {
  if (count === 0) return 'never';
  return count === 1 ? 'once' : `${count} times`;
}
