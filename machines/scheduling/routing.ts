/** Which flow an issue takes and who may work on it, by rules on its labels, title and type. */

/** A rule; empty conditions do not count, and a rule without any condition fits every issue. */
export interface RoutingRule {
  /** Any of these labels. */
  labels: readonly string[];
  /** Any of these words or phrases in the title. */
  title: readonly string[];
  /** Any of these types. */
  types: readonly string[];
  flow?: readonly string[] | undefined;
  /** For a stage, the only agent that may take it. */
  agents: Readonly<Record<string, string>>;
}

export interface RoutedIssue {
  title: string;
  labels: readonly string[];
  type?: string | undefined;
}

export interface Routing {
  flow: string[];
  agents: Record<string, string>;
}

/** The first rule that fits decides; otherwise the default flow, open to every agent of the role. */
export function route(
  issue: RoutedIssue,
  rules: readonly RoutingRule[],
  defaultFlow: readonly string[],
): Routing {
  const rule = rules.find((candidate) => fits(issue, candidate));
  return { flow: [...(rule?.flow ?? defaultFlow)], agents: { ...rule?.agents } };
}

/** All kinds of conditions that a rule names must hold; within a kind, any value will do. */
function fits(issue: RoutedIssue, rule: RoutingRule): boolean {
  const labels = new Set(issue.labels.map(normalize));
  const title = ` ${normalize(issue.title)} `;
  return (
    (rule.labels.length === 0 || rule.labels.some((label) => labels.has(normalize(label)))) &&
    (rule.title.length === 0 || rule.title.some((words) => containsWords(title, normalize(words)))) &&
    (rule.types.length === 0 || rule.types.some((type) => normalize(type) === normalize(issue.type ?? '')))
  );
}

/** Case, emoji (with their joiners, tags and variation selectors) and the spaces around them do not matter. */
export function normalize(value: string): string {
  return value
    .normalize('NFKC')
    .replace(
      /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|[\ufe0e\ufe0f\u20e3\u{e0020}-\u{e007f}]/gu,
      ' ',
    )
    .toLowerCase()
    .replace(/\s+/gu, ' ')
    .trim();
}

const latin = '[\\p{Script=Latin}\\p{Number}]';
const startsLatin = new RegExp(`^${latin}`, 'u');
const endsLatin = new RegExp(`${latin}$`, 'u');

/** Latin words match whole, so that "bug" does not fit "debugger"; scripts without spaces match anywhere. */
function containsWords(title: string, words: string): boolean {
  if (words === '') return false;
  const before = startsLatin.test(words) ? `(?<!${latin})` : '';
  const after = endsLatin.test(words) ? `(?!${latin})` : '';
  const escaped = words.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');
  return new RegExp(before + escaped + after, 'u').test(title);
}
