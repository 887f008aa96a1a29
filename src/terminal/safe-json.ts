/** JSON that may be shown in a terminal: JSON itself escapes the first 32 control characters and no other that acts there. */

/** As JSON.stringify, and valid JSON still. */
export function safeJson(value: unknown, indent?: number): string {
  return escaped(JSON.stringify(value, null, indent), /[\u007f-\u009f\u2028\u2029\p{Bidi_Control}]/gu);
}

/** One line of JSON that somebody else has written, with every control and direction-changing character as `\uXXXX`. */
export function escapeControls(line: string): string {
  return escaped(line, /[\p{Cc}\u2028\u2029\p{Bidi_Control}]/gu);
}

/** Inside JSON such characters stand in strings only, where an escape means the same. All of them are below U+10000. */
const escaped = (text: string, acting: RegExp): string =>
  text.replace(acting, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
