/** One line on a terminal that tells how far something long has come; nothing where nobody watches. */

/** The least time between two pictures, in ms. */
const refresh = 100;

export class ProgressLine {
  #drawnAt = 0;
  #isShown = false;

  show(text: string): void {
    if (!process.stderr.isTTY || Date.now() - this.#drawnAt < refresh) return;
    this.#drawnAt = Date.now();
    this.#isShown = true;
    process.stderr.write(`\r\u001b[K${text}`);
  }

  clear(): void {
    if (this.#isShown) process.stderr.write('\r\u001b[K');
    this.#isShown = false;
  }
}

/** 12.3 MB: decimal, as `ls -h --si` and disks count. */
export function sizeText(bytes: number): string {
  for (const [unit, size] of [
    ['GB', 1e9],
    ['MB', 1e6],
    ['kB', 1e3],
  ] as const)
    if (bytes >= size) return `${(bytes / size).toFixed(1)} ${unit}`;
  return `${bytes} bytes`;
}
