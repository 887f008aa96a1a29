/** Text from issues, messages and agents made safe for a terminal: no control or direction-changing character is left. */

/** Line breaks and tabs become spaces; escape sequences lose their ESC and so their force. */
export function plainText(text: string): string {
  return text.replace(/[\r\n\t]+/gu, ' ').replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '');
}
