/** Turns a title into a short ASCII name for files and branches; uniqueness is the caller's business. */

/**
 * Lower-case letters, digits and single hyphens, at most `longest` characters, cut between words where possible.
 * A title without any Latin letter or digit gives ''.
 */
export function slug(title: string, longest = 48): string {
  const words = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  if (words.length <= longest) return words;
  const cut = words.slice(0, longest + 1);
  const lastWord = cut.lastIndexOf('-');
  return lastWord > 0 ? cut.slice(0, lastWord) : words.slice(0, longest);
}
