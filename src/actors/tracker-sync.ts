/** The two directions between tracker and task store: issues come in, labels go out. */
import { route } from '../../machines/scheduling/routing.ts';
import { entryStage, labelChange, withoutOurs } from '../tasks/task-labels.ts';
import type { Issue, Problem, Tracker } from '../tracker/tracker.ts';
import type { World } from './world.ts';

/** New issues become tasks, edited ones are noted, those that somebody closed or opened again follow suit. */
export async function takeIn(
  world: World,
  { issues, problems }: { issues: Issue[]; problems: Problem[] },
  seen: SeenProblems,
): Promise<void> {
  for (const { file, line, column, message } of seen.news(problems)) {
    world.tell('node.tracker.problem', world.config.node, { file, line, column, message });
  }
  const tasks = world.ports.tasks.get();
  for (const found of issues) {
    const known = tasks.get(found.id);
    const issue: Issue = { ...found, labels: withoutOurs(found.labels), body: stored(found), closed: false };
    if (!known) {
      await create(world, { ...issue, closed: found.closed }, found.labels);
      continue;
    }
    await tasks.updateIssue(issue);
    // Our own status:done closes an issue as well; only somebody else's closing is news.
    if (found.closed && known.state !== 'done' && known.state !== 'closed')
      await tasks.apply(issue.id, { type: 'close' });
    if (!found.closed && known.state === 'closed') await tasks.apply(issue.id, { type: 'reopen' });
  }
  await closeVanished(world, issues, problems);
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
    ({ issue, state }) =>
      !present.has(issue.id) && !unreadable.has(issue.path ?? '') && state !== 'done' && state !== 'closed',
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

/** Writes where these tasks stand; what is right already is not touched. */
export async function writeLabels(world: World, tracker: Tracker, ids: readonly string[]): Promise<void> {
  const tasks = world.ports.tasks.get();
  for (const id of ids) {
    const task = tasks.get(id);
    if (!task || task.state === 'closed') continue;
    await tracker.setLabels(id, labelChange(task, world.config.labels, world.places.keys()));
  }
}

/** A problem is told once, and again only after it has been away. */
export class SeenProblems {
  #known = new Set<string>();

  news(problems: readonly Problem[]): Problem[] {
    const keyed = problems.map((problem) => ({ problem, key: JSON.stringify(problem) }));
    const news = keyed.filter(({ key }) => !this.#known.has(key)).map(({ problem }) => problem);
    this.#known = new Set(keyed.map(({ key }) => key));
    return news;
  }
}
