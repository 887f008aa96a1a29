/** The session that people attach to, and its first window: a terminal that only we draw on. */
import type { PaneId, UserOption } from './pane-id.ts';
import { listPanes, type RunCommand, toPaneId } from './panes.ts';

/** The one session, in which every agent has its window. */
export const sessionName = 'orchestra';

/** Holds the overview's terminal: shows nothing and takes no notice of keys, Ctrl-C and Ctrl-D included. */
export const overviewHolder = ['/bin/sh', '-c', 'stty raw -echo; exec cat >/dev/null', 'overview'] as const;

export const overviewName = 'overview';

/** Marks the overview's pane. */
export const overviewMark: UserOption = '@orchestra_overview';

/** Finds the overview or makes it anew (somebody may have closed it), and sees to it that its holder runs. */
export async function ensureOverview(command: RunCommand): Promise<PaneId> {
  const panes = await listPanes(command, [overviewMark]);
  const found =
    panes.find(({ options }) => options[overviewMark] !== undefined) ??
    panes.find(({ windowName }) => windowName === overviewName);
  const pane = found?.pane ?? (await createOverview(command));
  await command('set-option', '-p', '-t', pane, overviewMark, 'yes');
  if (found?.dead) await command('respawn-pane', '-k', '-t', pane, '--', ...overviewHolder);
  return pane;
}

async function createOverview(command: RunCommand): Promise<PaneId> {
  const place = ['-b', '-t', `=${sessionName}:^`, '-n', overviewName];
  const [pane = ''] = await command(
    'new-window',
    '-d',
    '-P',
    '-F',
    '#{pane_id}',
    ...place,
    '--',
    ...overviewHolder,
  );
  return toPaneId(pane);
}
