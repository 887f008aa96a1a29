/** Changes the labels in an issue file's text and nothing else; pure, touches no disk. */
import { isDeepStrictEqual } from 'node:util';
import { type Document, isCollection, isMap, isScalar, isSeq, type Pair, Scalar, type YAMLSeq } from 'yaml';
import type { LabelChange } from '../tracker.ts';
import { type IssueFileParts, joinIssueFile, lineEndingOf } from './issue-file.ts';
import { parseFrontMatter } from './read-issue.ts';

/**
 * The file with its labels changed, byte for byte the same everywhere else; comments inside the list stay, too.
 * Undefined where the front matter is written in a way that we cannot change without touching more (anchors, one
 * big `{…}`, several documents). The parts must be those of a file that reads as an issue.
 */
export function editLabels(parts: IssueFileParts, change: LabelChange): string | undefined {
  const before = parseFrontMatter(parts.yaml);
  const labels = labelsIn(before);
  const wanted = [...new Set([...labels.filter((label) => !change.remove.includes(label)), ...change.add])];
  if (isDeepStrictEqual([...new Set(labels)], wanted)) return joinIssueFile(parts);

  const yaml = spliceLabels(parts, before, wanted);
  if (yaml === undefined) return undefined;
  const after = parseFrontMatter(yaml);
  const isSound = after.errors.length === 0 && isDeepStrictEqual(labelsIn(after), wanted);
  return isSound && isDeepStrictEqual(otherKeys(after), otherKeys(before))
    ? joinIssueFile({ ...parts, yaml })
    : undefined;
}

/** The YAML with the text of the `labels` pair alone replaced; the YAML library rewrites that pair by itself. */
function spliceLabels(
  parts: IssueFileParts,
  document: Document.Parsed,
  wanted: readonly string[],
): string | undefined {
  const { yaml } = parts;
  const eol = lineEndingOf(parts);
  if (!isMap(document.contents) || document.contents.flow) return undefined;
  const pair = document.contents.items.find(({ key }) => isScalar(key) && key.value === 'labels');
  const range = pair && rangeOf(pair);
  if (range === undefined) {
    const newline = yaml === '' || yaml.endsWith('\n') ? '' : eol;
    return `${yaml}${newline}labels: [${wanted.map(asFlowItem).join(', ')}]${eol}`;
  }
  const source = yaml.slice(range.start, range.end);
  const segment = parseFrontMatter(source);
  if (segment.errors.length > 0) return undefined;

  const list = segment.get('labels');
  if (isSeq(list)) changeItems(list, wanted);
  else segment.set('labels', segment.createNode([...wanted], { flow: true }));
  const written = segment.toString({
    lineWidth: 0,
    flowCollectionPadding: /\[[ \t]/.test(source),
    indentSeq: !/\n-/.test(source),
  });
  const trailing = /\s*$/.exec(source)?.[0] ?? '';
  const replacement = written.trimEnd().replace(/\n/g, eol) + trailing;
  return yaml.slice(0, range.start) + replacement + yaml.slice(range.end);
}

/** A comment on a label's own line leaves with it; one on a line above stays, before whatever comes next. */
function changeItems(list: YAMLSeq, wanted: readonly string[]): void {
  const seen = new Set<string>();
  let orphaned: string[] = [];
  const keep = (item: Scalar) => {
    const comments = [...orphaned, item.commentBefore ?? []].flat();
    if (comments.length > 0) item.commentBefore = comments.join('\n');
    orphaned = [];
    return item;
  };
  const items = list.items.flatMap((item) => {
    if (!isScalar(item)) return [];
    const label = String(item.value);
    const stays = wanted.includes(label) && !seen.has(label);
    seen.add(label);
    if (stays) return keep(item);
    if (item.commentBefore) orphaned.push(item.commentBefore);
    return [];
  });
  const added = wanted.filter((label) => !seen.has(label)).map((label) => keep(new Scalar(label)));
  list.items = [...items, ...added];
  if (orphaned.length > 0) list.comment = [...orphaned, list.comment ?? []].flat().join('\n');
}

function rangeOf(pair: Pair): { start: number; end: number } | undefined {
  const key = isScalar(pair.key) ? pair.key.range : undefined;
  const value = isScalar(pair.value) || isCollection(pair.value) ? pair.value.range : undefined;
  return key && value ? { start: key[0], end: value[1] } : undefined;
}

/** A JSON string is a YAML string; plain words go without quotes, as people write them. */
function asFlowItem(label: string): string {
  return /^[a-z][a-z0-9_-]*(:[a-z0-9_-]+)*$/i.test(label) ? label : JSON.stringify(label);
}

function labelsIn(document: Document.Parsed): string[] {
  const value = plainObject(document)['labels'];
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' && value !== '' ? [value] : [];
}

function otherKeys(document: Document.Parsed): Record<string, unknown> {
  const { labels: _, ...others } = plainObject(document);
  return others;
}

function plainObject(document: Document.Parsed): Record<string, unknown> {
  const value: unknown = document.toJS();
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
