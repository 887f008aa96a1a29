/** Text in columns of a terminal: cut and padded by the places it takes, which for Japanese and emoji are two. */
import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';

/** Cuts to so many columns; cli-truncate 5 alone keeps a wide character that reaches one column beyond the edge. */
export function cutTo(line: string, columns: number): string {
  const cut = cliTruncate(line, columns);
  return stringWidth(cut) <= columns ? cut : cliTruncate(line, columns - 1);
}

/** Fills up with spaces to so many columns. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(columns - stringWidth(text), 0));
}
