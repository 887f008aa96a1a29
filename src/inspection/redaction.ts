/** What must never leave the daemon: known by the name it stands under, or by its shape inside other text. */

export const redacted = '[redacted]';

/** Values under these names are replaced whole. */
const secretNames =
  /secret|passw|passphrase|credential|authori[sz]ation|cookie|token|seed|bearer|signature|^env$|environment|key(?!board|stroke)/i;

/** Fencing tokens and counts of tokens are numbers; a secret of that name never is. */
const numericNames = /token/i;

const secretShapes: readonly RegExp[] = [
  // NATS seeds, and what holds one.
  /\bS[UANOCX][A-Z2-7]{20,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  // Of GitHub, GitLab, Slack, AWS, Google, and the sk-… that makers of models use.
  /\b(?:gh[a-z]_\w{10,}|github_pat_\w{10,}|glpat-[\w-]{10,}|xox[a-z]-[\w-]{10,}|A[KS]IA[A-Z0-9]{12,}|AIza[\w-]{20,}|sk-[\w-]{10,})/g,
  // JSON web tokens.
  /\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?/g,
  /\b(?:bearer|basic)\s+[\w.~+/=-]{6,}/gi,
];

/** `password=…`, `"apiKey": "…"`, `--token …`. */
const namedSecret =
  /((?:secret|passw(?:or)?d|passphrase|credentials?|api[-_]?key|private[-_]?key|access[-_]?key|token|authorization)["']?\s*[=:]\s*["']?)(?!\[redacted\])[^\s"',;&]{3,}/gi;
const secretOption = /(--[\w-]*(?:secret|passw|token|key|credential)[\w-]*\s+)[^\s"']+/gi;

/** `https://user:password@host` */
const urlCredentials = /(\/\/)[^\s/@]+@/g;

/** Whether a value of this type under this name is replaced whole. */
export function isSecret(name: string, value: unknown): boolean {
  if (value === undefined || value === null || typeof value === 'boolean' || !secretNames.test(name))
    return false;
  return !(typeof value === 'number' && numericNames.test(name));
}

/** The text without what looks like a secret in it. */
export function redactText(text: string): string {
  if (text.length < shortest) return text;
  const known = cleanTexts.get(text);
  if (known !== undefined) return known;
  let clean = text;
  for (const shape of secretShapes) clean = clean.replace(shape, redacted);
  for (const named of [namedSecret, secretOption]) clean = clean.replace(named, `$1${redacted}`);
  clean = clean.replace(urlCredentials, `$1${redacted}@`);
  if (cleanTexts.size === mostTexts) cleanTexts.clear();
  cleanTexts.set(text, clean);
  return clean;
}

/** `pin=123`: nothing shorter holds a secret and what it is recognized by. */
const shortest = 7;

/** The texts of a context are in all its snapshots: to search each once makes the sending of a large one 10 times cheaper. */
const cleanTexts = new Map<string, string>();
const mostTexts = 1_000;
