/** Values of user options as tmux keeps them: ASCII only, for tmux 3.4 and 3.5 print anything else escaped beyond recovery. */

/** Any text as an option's value; letters, digits and `-_.!~*'()` stay as they are. */
export function encodeOptionValue(text: string): string {
  // By way of UTF-8, for half a surrogate pair cannot be encoded.
  return encodeURIComponent(Buffer.from(text).toString());
}

/** The text of an option's value; one that somebody else has set and that is no such encoding stands for itself. */
export function decodeOptionValue(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
