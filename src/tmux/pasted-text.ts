/** What may be typed into a program's input: text, and nothing that a terminal or a line editor obeys. */

/**
 * The text with `\n` as its only line end, without control characters (C0 but `\n` and `\t`, DEL, C1) and without
 * newlines at its end. With ESC gone nothing can end the bracketed paste early, and no newline at the end can submit
 * what is only pasted.
 */
export function toPastedText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replace(/\n+$/, '');
}
