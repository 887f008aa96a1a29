/** How much goes into one answer on the bus: nats-server refuses messages of more than 1 MiB. */

/** Bytes of JSON; what surrounds it has room above that. */
const largestAnswer = 512 * 1024;

/** The first items that together fit; always one, which has to fit by itself. */
export function page<Item>(items: readonly Item[]): Item[] {
  let size = 0;
  let count = 0;
  for (const item of items) {
    size += Buffer.byteLength(JSON.stringify(item));
    if (count > 0 && size > largestAnswer) break;
    count += 1;
  }
  return items.slice(0, count);
}

/** A text that fits into one answer, cut with a word on it if it has to be. JSON takes up to six bytes for one character. */
export function shown(text: string): string {
  const longest = largestAnswer / 6;
  if (Buffer.byteLength(JSON.stringify(text)) <= largestAnswer) return text;
  return `${text.slice(0, longest)}… (cut here; ${text.length} characters in all)`;
}
