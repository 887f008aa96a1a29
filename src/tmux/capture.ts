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

/** What the visible screen shows up to the cursor, lines joined. A wide character may let one more in behind it. */
export async function textBeforeCursor(command: RunCommand, pane: PaneId): Promise<string> {
  const [place = ''] = await command('display-message', '-p', '-t', pane, '#{cursor_x} #{cursor_y}');
  const [column = 0, row = 0] = place.split(' ').map(Number);
  const screen = await capture(command, pane, {});
  return [...screen.slice(0, row), (screen[row] ?? '').slice(0, column)].join('\n');
}
