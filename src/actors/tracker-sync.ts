/** The two directions between tracker and task store: issues come in, labels go out. */
import { isDeepStrictEqual } from 'node:util';
import { route } from '../../machines/scheduling/routing.ts';
import { entryStage, labelChange, withoutOurs } from '../tasks/task-labels.ts';
import { isOver, type TaskRecord } from '../tasks/task-record.ts';
import { type Issue, type Problem, type Tracker, TrackerError } from '../tracker/tracker.ts';
import type { ToldOnce } from './told-once.ts';
import type { World } from './world.ts';

/** Issues in work at the same time: one after the other, 3,000 new ones would wait for as many acknowledgements. */
const atOnce = 32;

/** What the listings before have brought. */
export class TakenIn {
  readonly seen = new SeenProblems();
  /**
   * The task that was in line with an issue. A tracker gives the same object again for what has not changed, and of
   * thousands of issues hardly any has.
   */
  readonly taken = new WeakMap<Issue, TaskRecord>();
}

/**
 * New issues become tasks, edited ones are noted, those that somebody closed or opened again follow suit. Ends early when
 * `signal` aborts.
 */
export async function takeIn(
  world: World,
  { issues, problems }: { issues: Issue[]; problems: Problem[] },
  { seen, taken }: TakenIn,
  signal: AbortSignal,
): Promise<void> {
  for (const { file, line, column, message } of seen.news(problems)) {
    world.tell('node.tracker.problem', world.config.node, { file, line, column, message });
  }
  for (let start = 0; start < issues.length; start += atOnce) {
    if (signal.aborted) return;
    await Promise.all(issues.slice(start, start + atOnce).map((found) => takeInOne(world, found, taken)));
  }
  if (!signal.aborted) await closeVanished(world, issues, problems);
}

async function takeInOne(world: World, found: Issue, taken: TakenIn['taken']): Promise<void> {
  const tasks = world.ports.tasks.get();
  const known = tasks.get(found.id);
  if (known && taken.get(found) === known) return;
  const issue: Issue = { ...found, labels: withoutOurs(found.labels), body: stored(found), closed: false };
  if (!known) {
    await create(world, { ...issue, closed: found.closed }, found.labels);
    return;
  }
  if (!isDeepStrictEqual(known.issue, issue)) await tasks.updateIssue(issue);
  // Our own status:done closes an issue as well; only somebody else's closing is news.
  if (found.closed && !isOver(known)) await tasks.apply(issue.id, { type: 'close' });
  if (!found.closed && known.state === 'closed') await tasks.apply(issue.id, { type: 'reopen' });
  const task = tasks.get(found.id);
  if (task === known) taken.set(found, known);
}

/** An issue that is gone is as good as closed; one that only cannot be read now is not gone. */
async function closeVanished(
  world: World,
  issues: readonly Issue[],
  problems: readonly Problem[],
): Promise<void> {
  const tasks = world.ports.tasks.get();
  const present = new Set(issues.map(({ id }) => id));
  const unreadable = new Set(problems.map(({ file }) => file));
  const gone = [...tasks.all()].filter(
    (task) => !present.has(task.issue.id) && !unreadable.has(task.issue.path ?? '') && !isOver(task),
  );
  for (const { issue } of gone) await tasks.apply(issue.id, { type: 'close' });
}

/** A message of NATS holds 1 MB; the longest body of a GitHub issue has 65,536 characters. */
const longestBody = 200_000;

/** The body as far as a task record holds it. */
function stored({ body, path, url }: Issue): string {
  if (body.length <= longestBody) return body;
  return `${body.slice(0, longestBody)}\n\n… (the rest stands in ${path ?? url ?? 'the tracker'})`;
}

async function create(world: World, issue: Issue, labels: readonly string[]): Promise<void> {
  const { config } = world;
  const { flow, agents } = route(issue, config.routes, config.flow);
  const stageIndex = entryStage(labels, flow, config.labels);
  await world.ports.tasks
    .get()
    .create({ issue, flow, agents, stageIndex, maxAttempts: config.scheduler.maxAttempts });
}

/** Ids of the issues whose labels may not say yet where their tasks stand. */
export class UnwrittenLabels {
  /** Their tasks have changed. */
  readonly changed = new Set<string>();
  /** The tracker refused to write them; every round tries them again. */
  readonly refused = new Set<string>();

  all(): Set<string> {
    return new Set([...this.changed, ...this.refused]);
  }

  /** Forgets those that show already, as they were just listed, where their tasks stand: after a start that is nearly all. */
  forgetRight(world: World, issues: readonly Issue[]): void {
    const tasks = world.ports.tasks.get();
    const agents = [...world.places.keys()];
    for (const { id, labels } of issues) {
      const task = this.changed.has(id) ? tasks.get(id) : undefined;
      if (!task || task.state === 'closed') continue;
      const { add, remove } = labelChange(task, world.config.labels, agents);
      const carried = new Set(labels);
      if (add.every((label) => carried.has(label)) && !remove.some((label) => carried.has(label)))
        this.changed.delete(id);
    }
  }
}

/**
 * Writes where these tasks stand; what is right already is not touched, and one issue that cannot be written holds up no
 * other. Ends early when `signal` aborts.
 * @throws TrackerError `unavailable`, or another that is not about one issue
 */
export async function writeLabels(
  world: World,
  tracker: Tracker,
  unwritten: UnwrittenLabels,
  troubles: ToldOnce,
  signal: AbortSignal,
): Promise<void> {
  const tasks = world.ports.tasks.get();
  for (const id of unwritten.all()) {
    if (signal.aborted) return;
    const task = tasks.get(id);
    const refusal =
      task && task.state !== 'closed'
        ? await refusalOf(tracker.setLabels(id, labelChange(task, world.config.labels, world.places.keys())))
        : undefined;
    // A task that has changed while its labels were written is written again.
    if (tasks.get(id) === task) unwritten.changed.delete(id);
    if (refusal) {
      unwritten.refused.add(id);
      if (troubles.isNews(id, refusal.message))
        world.tell('node.tracker.failed', world.config.node, { reason: refusal.message });
    } else {
      unwritten.refused.delete(id);
      troubles.forget(id);
    }
  }
}

/** What keeps this one issue from being written; a file that is gone has no labels to keep right. */
async function refusalOf(writing: Promise<unknown>): Promise<TrackerError | undefined> {
  try {
    await writing;
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    switch (error.code) {
      case 'issue-not-found':
        return undefined;
      case 'issue-unreadable':
      case 'conflict':
      case 'write-failed':
        return error;
      default:
        throw error;
    }
  }
  return undefined;
}

/** A problem is told once, and again only after it has been away. */
class SeenProblems {
  #known = new Set<string>();

  news(problems: readonly Problem[]): Problem[] {
    const keyed = problems.map((problem) => ({ problem, key: JSON.stringify(problem) }));
    const news = keyed.filter(({ key }) => !this.#known.has(key)).map(({ problem }) => problem);
    this.#known = new Set(keyed.map(({ key }) => key));
    return news;
  }
}
