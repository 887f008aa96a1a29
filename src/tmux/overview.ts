/** Drawing what all panes show, side by side, for a person who has attached. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { type FrameCell, renderFrame } from './overview-frame.ts';
import { ensureOverview } from './overview-window.ts';
import type { PaneId } from './pane-id.ts';
import type { Tmux } from './tmux.ts';
import { TmuxError } from './tmux-error.ts';

export interface OverviewCell {
  /** What stands above the cell, such as an agent's name and what it works on. */
  readonly title: string;
  readonly pane: PaneId;
}

/**
 * Draws one frame into the overview window, but only while somebody is attached. A pane that is gone leaves its cell
 * empty. Call it again to refresh; wait for one frame before the next, for a frame waits for tmux to take it.
 *
 * @returns whether it was drawn
 */
export async function drawOverview(tmux: Tmux, cells: readonly OverviewCell[]): Promise<boolean> {
  if ((await tmux.clientsAttached()) === 0) return false;
  const overview = await ensureOverview((...argv) => tmux.command(...argv));
  const format = '#{pane_tty} #{pane_width} #{pane_height}';
  const [line = ''] = await tmux.command('display-message', '-p', '-t', overview, format);
  const [terminal = '', columns, rows] = line.split(' ');
  const shown = await Promise.all(cells.map((cell) => captureCell(tmux, cell)));
  await write(terminal, renderFrame(shown, { columns: Number(columns), rows: Number(rows) }));
  return true;
}

async function captureCell(tmux: Tmux, { title, pane }: OverviewCell): Promise<FrameCell> {
  try {
    return { title, lines: await tmux.capture(pane) };
  } catch (error) {
    if (error instanceof TmuxError && error.code === 'no-pane') return { title, lines: [] };
    throw error;
  }
}

/** O_NOCTTY: a daemon without a terminal must not get this one. */
async function write(terminal: string, frame: string): Promise<void> {
  const file = await open(terminal, constants.O_WRONLY | constants.O_NOCTTY);
  try {
    await file.writeFile(frame);
  } finally {
    await file.close();
  }
}
