/** What a program wrote to its terminal, as lines of plain text: a transcript for people, not the screen as it looked. */
import { stripVTControlCharacters } from 'node:util';
import { plainText } from '../terminal/plain-text.ts';

const esc = '\u001B';

/** Moves to another line: CSI with `A B E F H d f`, and `ESC D E M`. What follows is a text of its own. */
const toOtherLine = new RegExp(`${esc}(?:\\[[0-9;]*[ABEFHdf]|[DEM])`, 'gu');
/** Moves right within the line (`CSI C`, `CSI G`): a gap between words. */
const toTheRight = new RegExp(`${esc}\\[[0-9]*[CG]`, 'gu');
/** Strings to the terminal that end with BEL or ST, titles above all. */
const strings = new RegExp(`${esc}[\\]PX^_][^\\u0007${esc}]*(?:\\u0007|${esc}\\\\)?`, 'gu');
/** An escape sequence, or the beginning of one, at the very end: the rest is still to come. */
const unfinished = new RegExp(
  `${esc}(?:|\\[[0-9;:?<=>!]*|[\\]PX^_][^\\u0007${esc}]*${esc}?|[()*+#% ])$`,
  'u',
);

/** A line that does not end is given out after so many characters … */
const longestLine = 4_096;
/** … and an escape sequence that does not end is waited for so long. */
const longestSequence = 512;

/** Takes text in as it comes, in pieces of any size, and gives the lines that are complete. */
export class TerminalText {
  #rest = '';
  #previous = '';

  /** Lines without control characters; blank ones, and repetitions of the line before, are left out. */
  feed(text: string): string[] {
    const all = this.#rest + text;
    const end = Math.max(all.length - longestSequence, 0);
    const cut = all.slice(end).search(unfinished);
    const whole = cut === -1 ? all : all.slice(0, end + cut);
    const lines = split(whole);
    const last = lines.at(-1) ?? '';
    const isOpen = cut !== -1 || last.length < longestLine;
    this.#rest = isOpen ? last + all.slice(whole.length) : '';
    return this.#news(isOpen ? lines.slice(0, -1) : lines);
  }

  /** What is left when nothing more comes. */
  end(): string[] {
    const lines = split(this.#rest);
    this.#rest = '';
    return this.#news(lines);
  }

  #news(lines: readonly string[]): string[] {
    return lines.map(readable).filter((line) => {
      if (line === '' || line === this.#previous) return false;
      this.#previous = line;
      return true;
    });
  }
}

/** Both in one, for a text that is complete. */
export function terminalLines(text: string): string[] {
  const reading = new TerminalText();
  return [...reading.feed(text), ...reading.end()];
}

/** At line ends, and where the program goes on elsewhere on the screen. */
function split(text: string): string[] {
  return text.replace(toOtherLine, '\n').split(/\r*\n/u);
}

/** As it was left by whoever wrote over it: a carriage return begins the line anew. */
function readable(line: string): string {
  const spaced = line.replace(strings, '').replace(toTheRight, ' ');
  const written = stripVTControlCharacters(spaced).replace(/\r+$/u, '');
  return plainText(written.slice(written.lastIndexOf('\r') + 1)).trimEnd();
}
