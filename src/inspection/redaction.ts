/** Text that may leave the daemon: what looks like a secret in it is replaced. Linear in its length, whatever it holds. */
import { hideNamedSecrets } from './named-secrets.ts';
import { hidePrivateKeys, hideShapes } from './secret-shapes.ts';
import { hideUrlCredentials } from './url-credentials.ts';

/** The text without what looks like a secret in it. */
export function redactText(text: string): string {
  if (text.length < shortest) return text;
  const known = cleanTexts.get(text);
  if (known !== undefined) return known;
  // Names before shapes: what is found by its name is hidden to its end.
  const clean = hideShapes(hideUrlCredentials(hideNamedSecrets(hidePrivateKeys(text))));
  if (cleanTexts.size === mostTexts) cleanTexts.clear();
  cleanTexts.set(text, clean);
  return clean;
}

/** The same of the beginning of a text, which is all that is searched: at most `length` characters, and how many there were. */
export function briefText(text: string, length: number): string {
  const clean = redactText(cutText(text, 4 * length));
  return clean.length > length || text.length > 4 * length
    ? `${clean.slice(0, length)}… (${text.length} characters)`
    : clean;
}

/** Cut between two words: half a secret is not recognized. One that goes on behind the cut may be hidden, so it goes too. */
function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const least = Math.max(0, length - longestWord);
  let end = length;
  while (end > least && !/[\s"'`]/.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** Of a longer word, so much is left out. */
const longestWord = 1_000;

/** `pin=1`: nothing shorter holds a secret and what it is recognized by. */
const shortest = 5;

/** The texts of a context are in all its snapshots: to search each once makes the sending of a large one 10 times cheaper. */
const cleanTexts = new Map<string, string>();
const mostTexts = 1_000;
