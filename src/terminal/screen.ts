/** A part of the terminal that is drawn over again and again, on the alternate screen, and left as it was found. */
import type { WriteStream } from 'node:tty';

const enterAlternate = '\u001B[?1049h\u001B[?25l';
const leaveAlternate = '\u001B[?25h\u001B[?1049l';
const home = '\u001B[H';
const clearToLineEnd = '\u001B[K';
const clearBelow = '\u001B[J';

export class Screen {
  readonly #terminal: WriteStream;
  readonly #leave = (): void => {
    this.#terminal.write(leaveAlternate);
  };
  #open = false;
  #drawn = '';

  constructor(terminal: WriteStream) {
    this.#terminal = terminal;
  }

  get size(): { columns: number; rows: number } {
    return { columns: this.#terminal.columns || 80, rows: this.#terminal.rows || 24 };
  }

  draw(lines: readonly string[]): void {
    const frame = lines
      .slice(0, this.size.rows)
      .map((line) => line + clearToLineEnd)
      .join('\r\n');
    if (frame === this.#drawn) return;
    if (!this.#open) {
      this.#terminal.write(enterAlternate);
      // However the process ends, the terminal is left as it was found.
      process.once('exit', this.#leave);
    }
    this.#open = true;
    this.#drawn = frame;
    this.#terminal.write(home + frame + clearBelow);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    process.off('exit', this.#leave);
    this.#leave();
  }
}
