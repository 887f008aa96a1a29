/** What the live view shows, kept up to date from the daemon's stream as long as the page is open. */
import { batch, computed, signal } from '@preact/signals';
import type { SupervisorDescription } from '../../supervision/tree-description.ts';
import { EventLog, type LogRow } from '../model/event-log.ts';
import { actorsByPath, foldLive, nothingLive } from '../model/live-state.ts';
import { rowsOfSupervisors } from '../model/tree-rows.ts';
import { now } from './clock.ts';
import { listenWhileSeen } from './listen-while-seen.ts';
import { askSettings, settings } from './settings.ts';

/** `connecting` at first only; `away` while the daemon does not answer; `refused` when the link no longer holds. */
export const connection = signal<'connecting' | 'connected' | 'away' | 'refused'>('connecting');

/** Since when it is away, milliseconds since the epoch. */
export const awaySince = signal(0);

const live = signal(nothingLive);
const tree = signal<{ root: SupervisorDescription; at: number } | undefined>(undefined);
const log = new EventLog();

/** The machines by path. */
export const liveActors = computed(() => actorsByPath(live.value));

/** The supervision tree; empty until it is known. */
export const liveRows = computed(() => (tree.value ? rowsOfSupervisors(tree.value.root) : []));

/** Milliseconds since the tree was told, until the daemon went away. */
export const treeAge = computed(() => {
  const until = connection.value === 'connected' ? now.value : awaySince.value;
  return Math.max(0, until - (tree.value?.at ?? until));
});

export const liveLog = signal<readonly LogRow[]>([]);

/** Starts listening; called once. */
export function startLive(): void {
  // What was known stays on the page until the first events of a new connection replace it.
  let isNew = true;
  void askSettings();
  listenWhileSeen({
    hello: (boot) =>
      batch(() => {
        if (settings.value && settings.value.boot !== boot) void askSettings();
        connection.value = 'connected';
        isNew = true;
      }),
    inspection: (events) =>
      batch(() => {
        if (isNew) log.restart();
        live.value = foldLive(isNew ? nothingLive : live.value, events);
        isNew = false;
        log.append(events);
        liveLog.value = log.rows;
      }),
    tree: (root) => {
      tree.value = { root, at: Date.now() };
    },
    lost: (why) =>
      batch(() => {
        if (connection.value !== why) awaySince.value = Date.now();
        connection.value = why;
      }),
  });
}
