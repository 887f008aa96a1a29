/** Text from issues, messages and agents made safe for a terminal: no control or direction-changing character is left. */

/** Line breaks and tabs become spaces; escape sequences lose their ESC and so their force. */
export function plainText(text: string): string {
  return text.replace(/[\r\n\t\u2028\u2029]+/gu, ' ').replace(/[\p{Cc}\p{Bidi_Control}]/gu, '');
}

/** The same for text of several lines, which it keeps. */
export function plainLines(text: string): string {
  return text.split('\n').map(plainText).join('\n');
}

/** One line of several, with a mark where each ended: sentences without a full stop would run into each other. */
export function markedLines(text: string): string {
  return text.trim().replace(/\s*[\r\n]+\s*/gu, ' | ');
}
