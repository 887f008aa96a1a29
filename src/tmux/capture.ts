/** Reading what a pane shows. */
import type { PaneId } from './pane-id.ts';
import type { RunCommand } from './panes.ts';

export interface CaptureOptions {
  /** The last so many lines, scrollback included; by default the visible screen. */
  readonly lines?: number;
  /** With the escape sequences of colours and attributes; by default plain text. Either is untrusted. */
  readonly escapes?: boolean;
}

/** A pane's lines from top to bottom. */
export async function capture(command: RunCommand, pane: PaneId, options: CaptureOptions): Promise<string[]> {
  const { lines, escapes = false } = options;
  const start = lines === undefined ? [] : ['-S', `-${lines}`];
  const captured = await command('capture-pane', '-p', ...(escapes ? ['-e'] : []), ...start, '-t', pane);
  return lines === undefined ? captured : captured.slice(-lines);
}
