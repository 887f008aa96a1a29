/** Text that goes on below where it began, as in a column: broken between words only. */
import stringWidth from 'string-width';

/** With fewer columns than this a text is no longer read but spelled: then the terminal may break it. */
const narrowest = 16;

/**
 * `lead`, then the text; every further line stands under the text's beginning. A word that alone is too long is kept whole,
 * so that a path can still be copied.
 * @param columns how wide a line may be; without, all is one line
 */
export function hangingIndent(lead: string, text: string, columns: number | undefined): string {
  const indent = stringWidth(lead);
  if (columns === undefined || columns - indent < narrowest) return lead + text;
  return lead + wrapped(text, columns - indent).join(`\n${' '.repeat(indent)}`);
}

function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || stringWidth(longer) <= columns) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}
