/** Making a window's name out of any text, such as an issue's title: it is shown in the status line, where `#` means styles and formats. */

/** In characters; the status line holds several names. */
const longest = 60;

/**
 * One line without control characters. A `#` stays only before a digit, as in `#12`; elsewhere, where tmux could read a
 * style (`#[fg=red]`) or a format, the full-width `＃` stands for it.
 */
export function toWindowName(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').replace(/#(?!\d)/g, '＃');
  const characters = [...line.trim()];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : characters.join('');
}
