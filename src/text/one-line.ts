/** Makes foreign text fit for one line of a list or a terminal; what the text means is not its business. */

/**
 * Control characters and line breaks become spaces, direction overrides vanish, runs of white space shrink to one.
 * Zero-width joiners stay: emoji are made of them.
 */
export function oneLine(text: string): string {
  return text
    .replace(/\p{Bidi_Control}/gu, '')
    .replace(/\p{Cs}/gu, '\u{FFFD}')
    .replace(/[\p{Cc}\s\u2028\u2029]+/gu, ' ')
    .trim();
}
