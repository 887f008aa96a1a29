/** Names that say that what stands under them is secret: keys, headers, options, variables of an environment. */

/** Wherever they are in a name. */
const telling =
  /secret|passw|passphrase|credential|authori[sz]ation|cookie|token|seed|bearer|signature|key(?!board|stroke|word)/;
/** As a word of a name, or at the end of one: `PGPASSWD`, `basicauth`; a bypass is none. */
const tellingEnd = /(?:pwd|jwt|dsn|auth|(?<!by|com|over|sur|tres|under)pass)$/;
/** As a word of a name: they are parts of too many others. */
const tellingWords = new Set(['pat', 'pin', 'pw', 'sid']);
/** Telling also as the only word before a colon, as in `password: …`; `pass: …` and `key: …` may be prose. */
const unmistakable =
  /secret|passw|passphrase|credential|authori[sz]ation|cookie|token|pwd|jwt|dsn|(?:api|access|private|ssh)key/;
/** Whatever is in an environment may be secret. */
const environment = /environment|env(?:s|iron)?$/i;

/** Fencing tokens and counts of tokens are numbers; a secret of that name never is. */
const numericName = /token/i;

/** Whether a value of this type under this name is replaced whole. */
export function isSecret(name: string, value: unknown): boolean {
  if (value === undefined || value === null || typeof value === 'boolean') return false;
  if (typeof value === 'number' && mayBeNumber(name)) return false;
  return isSecretName(name) || isEnvironmentName(name);
}

/** Whether a number of this name is no secret. */
export function mayBeNumber(name: string): boolean {
  return numericName.test(name);
}

export function isEnvironmentName(name: string): boolean {
  return environment.test(name);
}

/** Whether it names a secret. The words of a name are told apart as in `camelCase`, `snake_case` and `kebab-case`. */
export function isSecretName(name: string): boolean {
  const known = answers.get(name);
  if (known !== undefined) return known;
  const isOne = telling.test(name.toLowerCase()) || wordsOf(name).some(isSecretWord);
  if (answers.size === mostAnswers) answers.clear();
  answers.set(name, isOne);
  return isOne;
}

/** The same, where an ordinary word is more likely meant as what it is: of several words, or unmistakable. */
export function isSecretNameInProse(name: string): boolean {
  return isSecretName(name) && (unmistakable.test(name.toLowerCase()) || wordsOf(name).length > 1);
}

const isSecretWord = (word: string): boolean => tellingWords.has(word) || tellingEnd.test(word);

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '');
}

/** Names are few and come again in every snapshot. */
const answers = new Map<string, boolean>();
const mostAnswers = 1_000;
