/** Reads the text of one issue file as an issue, or says what is wrong with it and where; pure, touches no disk. */
import { type Document, LineCounter, parseDocument } from 'yaml';
import { nearestName } from '../../text/nearest-name.ts';
import { positionAt, positionOf, type SourcePosition } from '../source-position.ts';
import type { Issue, Problem } from '../tracker.ts';
import type { FileNameIdentity } from './file-name.ts';
import { FRONT_MATTER_KEYS, FrontMatter, remedyFor } from './front-matter.ts';
import { splitIssueFile } from './issue-file.ts';

/** What is known about an issue file besides its text. */
export interface IssueFileSource extends FileNameIdentity {
  /** Absolute path, as shown in problems. */
  readonly path: string;
  /** ISO 8601; counts as the issue's creation where its front matter does not say. */
  readonly bornAt: string;
}

/** An issue, and where each of its blockers is named, for problems that only show beside other issues. */
export interface ReadIssue {
  readonly issue: Issue;
  readonly blockerPositions: readonly SourcePosition[];
}

/** The labels that close an issue, next to `closed: true`. */
const CLOSING_LABELS: readonly string[] = ['status:done', 'closed'];

/** Whether this label alone says that an issue is closed. */
export function isClosingLabel(label: string): boolean {
  return CLOSING_LABELS.includes(label.toLowerCase());
}

/** The issue in `text`, or everything that keeps it from being one. */
export function readIssue(text: string, source: IssueFileSource): ReadIssue | Problem[] {
  const parts = splitIssueFile(text);
  if (parts === undefined) {
    const message = 'the file does not begin with front matter between two `---` lines';
    return [{ file: source.path, line: 1, column: 1, message, remedy: remedyFor('') }];
  }
  const lines = new LineCounter();
  const document = parseFrontMatter(parts.yaml, lines);
  // The opening `---` is line 1, so the YAML begins on line 2.
  const problem = ({ line, column }: SourcePosition, message: string, remedy: string): Problem => {
    return { file: source.path, line: line + 1, column, message, remedy };
  };
  const values = valuesOf(document);
  if ('mistakes' in values) {
    return values.mistakes.map(({ offset, message }) => {
      return problem(
        positionAt(lines, offset),
        message,
        'Put text that holds `: `, `#` or quotes in quotes.',
      );
    });
  }
  const misspelt = misspeltKeys(values.plain);
  const parsed = FrontMatter.safeParse(values.plain);
  if (!parsed.success || misspelt.length > 0) {
    const refused = (parsed.error?.issues ?? []).map((issue) => {
      const key = String(issue.path[0] ?? 'the front matter');
      const message = isAbsent(values.plain, key)
        ? `${key} is missing`
        : `${issue.path.join('.') || key} ${issue.message}`;
      return problem(positionOf(document, lines, issue.path), message, remedyFor(key));
    });
    return refused.concat(
      misspelt.map(({ key, known }) => {
        return problem(positionOf(document, lines, [key]), `unknown key ${key}`, `Did you mean ${known}?`);
      }),
    );
  }
  const positions = parsed.data.blocked_by.map((_, index) => {
    const { line, column } = positionOf(document, lines, ['blocked_by', index]);
    return { line: line + 1, column };
  });
  return { issue: toIssue(parsed.data, parts.body, source), blockerPositions: positions };
}

/** The front matter's YAML: failsafe, so that every scalar keeps the text it was written as. */
export function parseFrontMatter(yaml: string, lineCounter?: LineCounter): Document.Parsed {
  return parseDocument(yaml, {
    schema: 'failsafe',
    prettyErrors: false,
    ...(lineCounter && { lineCounter }),
  });
}

function valuesOf(
  document: Document.Parsed,
): { plain: unknown } | { mistakes: { offset: number; message: string }[] } {
  if (document.errors.length > 0) {
    return { mistakes: document.errors.map((error) => ({ offset: error.pos[0], message: error.message })) };
  }
  try {
    return { plain: document.toJS() };
  } catch (error) {
    // Aliases that expand without end are refused here, not while parsing.
    return { mistakes: [{ offset: 0, message: error instanceof Error ? error.message : String(error) }] };
  }
}

/** Foreign keys are the user's own business, but one that resembles ours would be obeyed by nobody. */
function misspeltKeys(values: unknown): { key: string; known: string }[] {
  if (typeof values !== 'object' || values === null) return [];
  return Object.keys(values)
    .filter((key) => !FRONT_MATTER_KEYS.includes(key))
    .flatMap((key) => {
      const known = nearestName(key, FRONT_MATTER_KEYS);
      return known === undefined ? [] : [{ key, known }];
    });
}

function isAbsent(values: unknown, key: string): boolean {
  return typeof values === 'object' && values !== null && FRONT_MATTER_KEYS.includes(key) && !(key in values);
}

function toIssue(matter: FrontMatter, body: string, source: IssueFileSource): Issue {
  return {
    id: source.id,
    ...(source.number !== undefined && { number: source.number }),
    title: matter.title,
    body: body.replace(/^(?:[ \t]*\r?\n)+/, '').trimEnd(),
    labels: [...new Set(matter.labels)],
    ...(matter.type !== undefined && { type: matter.type }),
    priority: matter.priority,
    blockedBy: matter.blocked_by,
    createdAt: matter.created ?? source.bornAt,
    ...(matter.deadline !== undefined && { deadline: matter.deadline }),
    closed: matter.closed || matter.labels.some(isClosingLabel),
    path: source.path,
  };
}
