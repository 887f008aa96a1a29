/** Secrets that are known by their shape alone. Each pattern is linear: what may fail late is short, or is never left again. */
import { redacted } from './redacted.ts';

const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;

/** Found also behind a letter, which may be that of an escape such as `\n`; behind that alone where words end like that. */
const shapes: readonly RegExp[] = [
  // NATS seeds, and what holds one.
  /S[UANOCX][A-Z2-7]{20,}/g,
  // Of GitHub, GitLab, Slack, AWS, Google, Hugging Face, npm, PyPI, DigitalOcean.
  /gh[opsur]_[A-Za-z\d]{10,}|github_pat_\w{10,}|glpat-[\w-]{10,}|xox[a-z]-[\w-]{10,}|xapp-[\w-]{10,}/g,
  /A[KS]IA[A-Z\d]{12,}|AIza[\w-]{20,}|hf_[A-Za-z\d]{10,}|npm_[A-Za-z\d]{20,}|pypi-[\w-]{16,}|do[opr]_v1_\w{10,}/g,
  // The sk-… that makers of models use; a task-… is none.
  /sk-(?:ant|proj|svcacct)-[\w-]{6,}|sk-[A-Za-z\d]{20,}|(?:(?<![A-Za-z\d])|(?<=\\[nrt]))sk-[\w-]{10,}/g,
  /(?:(?<![A-Za-z\d])|(?<=\\[nrt]))(?:bearer|basic)\s+[\w.~+/=-]{6,}/gi,
];

/** What may be a JSON web token: it begins as the JSON of an object does in base64. */
const webToken = /eyJ[\w-]{5,}(?:\.[\w-]*)*/g;

export function hidePrivateKeys(text: string): string {
  return text.replace(privateKey, redacted);
}

export function hideShapes(text: string): string {
  let clean = text.replace(webToken, (found) => (isWebToken(found) ? redacted : found));
  for (const shape of shapes) clean = clean.replace(shape, redacted);
  return clean;
}

/** A name such as `keyJournal.entries` has no digits. */
const isWebToken = (text: string): boolean => text.includes('.') && /\d/.test(text);
