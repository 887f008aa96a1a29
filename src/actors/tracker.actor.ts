/** The tracker kept in line with the task store: issues become tasks, and where tasks stand becomes labels. */
import { resolve } from 'node:path';
import { fromCallback, fromPromise } from 'xstate';
import { reconcilerMachine } from '../../machines/reconciler.machine.ts';
import { openLocalTracker } from '../tracker/local/local-tracker.ts';
import { type Tracker, TrackerError } from '../tracker/tracker.ts';
import { SeenProblems, takeIn, writeLabels } from './tracker-sync.ts';
import type { World } from './world.ts';

export function trackerActor(world: World) {
  const { ports } = world;
  const problems = new SeenProblems();
  const news = new TrackerNews();
  return reconcilerMachine.provide({
    actors: {
      openSubject: fromPromise(async () => {
        const { folder } = world.config.tracker;
        ports.tracker.fill(await openLocalTracker({ folder: resolve(world.project, folder) }));
        news.forgetAll(ports.tasks.get().all());
      }),
      watchSubject: fromCallback(({ sendBack }) => {
        const changed = () => sendBack({ type: 'subject.changed' });
        const stopTasks = ports.tasks.get().onChange((task) => {
          news.changed.add(task.issue.id);
          changed();
        });
        const watching = ports.tracker.get().watch(() => {
          news.listing = true;
          changed();
        });
        watching.catch((error: Error) => tellFailure(world, error));
        return () => {
          stopTasks();
          watching.then((watcher) => watcher.close()).catch((error: Error) => tellFailure(world, error));
        };
      }),
      reconcile: fromPromise(async () => reconcile(world, ports.tracker.get(), news, problems)),
      closeSubject: fromPromise(async () => {
        await reconcile(world, ports.tracker.get(), news, problems);
        ports.tracker.empty();
      }),
    },
  });
}

/** What has changed on either side since the last round. */
class TrackerNews {
  /** Whether the tracker has to be listed anew. */
  listing = true;
  /** Tasks whose labels may have to be written. */
  readonly changed = new Set<string>();

  /** After a restart nothing is known: everything is looked at. */
  forgetAll(tasks: Iterable<{ issue: { id: string } }>): void {
    this.listing = true;
    for (const { issue } of tasks) this.changed.add(issue.id);
  }
}

async function reconcile(
  world: World,
  tracker: Tracker,
  news: TrackerNews,
  problems: SeenProblems,
): Promise<void> {
  // A round without any news is the regular look in case a change went unseen.
  const listing = news.listing || news.changed.size === 0;
  const changed = [...news.changed];
  news.listing = false;
  news.changed.clear();
  try {
    if (listing) await takeIn(world, await tracker.list(), problems);
    world.trackerRead = true;
    await writeLabels(world, tracker, changed);
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    // The tracker is away or refuses: work goes on, and the next round asks again.
    news.listing ||= listing;
    for (const id of changed) news.changed.add(id);
    tellFailure(world, error);
  }
}

function tellFailure(world: World, error: Error): void {
  world.tell('node.tracker.failed', world.config.node, { reason: error.message });
}
