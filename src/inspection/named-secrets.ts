/**
 * Secrets in text that are known by the name before them: assignments, JSON, headers, options. Names are found first and
 * values behind them, each character is passed once: the text may be made to make this dear.
 */
import { redacted } from './redacted.ts';
import { isEnvironmentName, isSecretName, isSecretNameInProse, mayBeNumber } from './secret-names.ts';

/** A name and what stands between it and its value, and a rule that says how far a value is hidden. */
interface Rule {
  readonly introduction: RegExp;
  /** Sticky. Undefined: what follows is no secret. */
  valueAfter(introduction: RegExpMatchArray, text: string): RegExp | undefined;
  /** Whether a value that was found is one; if not, none is looked for in it. */
  isSecret(value: string, introduction: RegExpMatchArray): boolean;
}

/**
 * To the closing quote, escaped as the opening one is; from a bracket to the end of the line; else to the next space
 * outside of quotes, or to a quote that ends the whole. Where the end was cut off, to the end of the text.
 */
const anyValue =
  /(?<open>\\*["'`])[\s\S]*?(?<close>(?<!\\)\k<open>|$)|(?!\[redacted\])[[{][^\r\n]*|(?:[^\s"'`]|(?<=[^\s,;&(){}[\]:=])["'`](?=\w)[^"'`\r\n]*["'`]?)+/y;
const bracket = /[[{][^\r\n]*/y;
const restOfLine = /[^\r\n]+/y;

/** `password=…`, `"apiKey": "…"`, `\"apiKey\":\"…\"`, `["authorization", "…"]`, `"name": "authorization", "value": "…"`. */
const assignment: Rule = {
  introduction:
    /(?<![\w.-])(?<name>[\w.-]+)(?<between>\\*["'`]?\s*[=:]+>?\s*|\\*["']\s*,\s*(?:\\*["']?value\\*["']?\s*:\s*|(?=\\*["'])))/g,
  valueAfter({ index = 0, groups: { name = '', between = '' } = {} }, text) {
    // The first letter may be that of an escape, such as \n.
    const names = text[index - 1] === '\\' ? [name, name.slice(1)] : [name];
    const isProse = !between.includes('=') && !/["'`]\s*:/.test(between);
    const isTelling = isProse ? isSecretNameInProse : isSecretName;
    if (names.some(isTelling)) return isHeader(name, between) ? restOfLine : anyValue;
    return names.some(isEnvironmentName) ? bracket : undefined;
  },
  isSecret: (value, { groups: { name = '' } = {} }) => !(mayBeNumber(name) && /^\d+\W*$/.test(value)),
};

/** `Authorization: Digest a="b", c="d"`: everything up to the end of the line. */
const isHeader = (name: string, between: string): boolean =>
  /(?:authori[sz]ation|cookie)$/i.test(name) && /^\s*[=:]/.test(between);

/** `--token …`, `"--token", "…"`. */
const option: Rule = {
  introduction: /(?<![\w-])(?<name>--?[\w-]+)(?:\s+|\\*["']\s*,\s*)/g,
  valueAfter: ({ groups: { name = '' } = {} }) => (isSecretName(name) ? anyValue : undefined),
  isSecret: () => true,
};

/** `curl -u user:password`. */
const login: Rule = {
  introduction: /(?<![\w-])(?:-[uU]\s*|--(?:proxy-)?user(?:\s+|=))/g,
  valueAfter: () => anyValue,
  isSecret: (value) => value.includes(':'),
};

export function hideNamedSecrets(text: string): string {
  return [assignment, option, login].reduce(hideBy, text);
}

function hideBy(text: string, rule: Rule): string {
  let clean = '';
  /** What is clean already, and what is passed: a value is not searched for others. */
  let done = 0;
  let passed = 0;
  for (const introduction of text.matchAll(rule.introduction)) {
    const start = introduction.index + introduction[0].length;
    const value = start < passed ? undefined : rule.valueAfter(introduction, text);
    if (!value) continue;
    value.lastIndex = start;
    const found = value.exec(text);
    if (!found) continue;
    passed = start + found[0].length;
    if (!rule.isSecret(found[0], introduction)) continue;
    const { open = '', close = '' } = found.groups ?? {};
    clean += `${text.slice(done, start)}${open}${redacted}${close}`;
    done = passed;
  }
  return clean + text.slice(done);
}
