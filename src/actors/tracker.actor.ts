/** The tracker kept in line with the task store: issues become tasks, and where tasks stand becomes labels. */
import { resolve } from 'node:path';
import { fromCallback, fromPromise } from 'xstate';
import { reconcilerMachine } from '../../machines/reconciler.machine.ts';
import { createIssueFolder } from '../tracker/local/create-issue-folder.ts';
import { openLocalTracker } from '../tracker/local/local-tracker.ts';
import { type Tracker, TrackerError } from '../tracker/tracker.ts';
import { closingTime } from './closing-time.ts';
import { ToldOnce } from './told-once.ts';
import { TakenIn, takeIn, UnwrittenLabels, writeLabels } from './tracker-sync.ts';
import type { World } from './world.ts';

/** Opens the tracker whose issues stand at `folder`. */
export type OpenTracker = (place: { folder: string }) => Tracker;

export function trackerActor(world: World, open: OpenTracker = openLocalTracker) {
  const { ports } = world;
  const tracker = open({ folder: resolve(world.project, world.config.tracker.folder) });
  const taken = new TakenIn();
  const troubles = new ToldOnce();
  /** Whether the tracker has to be listed anew. */
  let listing = true;
  const labels = new UnwrittenLabels();

  const tellFailure = (error: Error) => {
    if (troubles.isNews('tracker', error.message))
      world.tell('node.tracker.failed', world.config.node, { reason: error.message });
  };

  async function round(signal: AbortSignal): Promise<void> {
    // A round without any news is the regular look in case a change went unseen.
    const isListing = listing || labels.changed.size === 0;
    listing = false;
    try {
      if (isListing) {
        const list = await tracker.list();
        await takeIn(world, list, taken, signal);
        if (signal.aborted) return;
        labels.forgetRight(world, list.issues);
        world.trackerRead = true;
        ports.tracker.fill(tracker);
      }
      await writeLabels(world, tracker, labels, troubles, signal);
      troubles.forget('tracker');
    } catch (error) {
      if (!(error instanceof TrackerError)) throw error;
      // The tracker is away or refuses: work goes on, and the next round asks again.
      listing ||= isListing;
      tellFailure(error);
    }
  }

  return reconcilerMachine.provide({
    actors: {
      openSubject: fromPromise(async () => {
        const tasks = ports.tasks.get();
        // With tasks from earlier on, an empty folder would close them all: then it is away, and may come back.
        if (tasks.size === 0) await ensureFolder(world);
        // After a restart nothing is known: everything is looked at.
        listing = true;
        for (const { issue } of tasks.all()) labels.changed.add(issue.id);
      }),
      watchSubject: fromCallback(({ sendBack }) => {
        const changed = () => sendBack({ type: 'subject.changed' });
        const stopTasks = ports.tasks.get().onChange((task) => {
          labels.changed.add(task.issue.id);
          changed();
        });
        const watching = tracker.watch(() => {
          listing = true;
          changed();
        });
        watching.catch(tellFailure);
        return () => {
          stopTasks();
          watching.then((watcher) => watcher.close()).catch(tellFailure);
        };
      }),
      reconcile: fromPromise(({ signal }) => round(signal)),
      closeSubject: fromPromise(async () => {
        ports.tracker.empty();
        if (!ports.tasks.peek()) return;
        try {
          // What is left is written by the next start.
          await writeLabels(world, tracker, labels, troubles, AbortSignal.timeout(closingTime(world)));
        } catch (error) {
          if (!(error instanceof TrackerError)) throw error;
          tellFailure(error);
        }
      }),
    },
  });
}

async function ensureFolder(world: World): Promise<void> {
  const folder = resolve(world.project, world.config.tracker.folder);
  if ((await createIssueFolder(folder)) === 'created') world.log.info({ folder }, 'tracker.folder.created');
}
