/** Where in a YAML or JSON text a value stands, for messages that a person can jump to. */
import type { Document, LineCounter } from 'yaml';
import { isNode } from 'yaml';

/** Both count from 1. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/** The position of the value at `path`, or of the nearest value around it that is really there. */
export function positionOf(
  document: Document,
  lines: LineCounter,
  path: readonly PropertyKey[],
): SourcePosition {
  for (let depth = path.length; depth > 0; depth--) {
    const node: unknown = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return positionAt(lines, node.range[0]);
  }
  return positionAt(lines, document.contents?.range?.[0] ?? 0);
}

/** The position of a character offset. */
export function positionAt(lines: LineCounter, offset: number): SourcePosition {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}
