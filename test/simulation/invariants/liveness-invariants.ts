/** What must hold over time: nothing waits without a reason, and nothing piles up. Looked at every ten simulated minutes. */
import type { World } from '../../../src/actors/world.ts';
import type { Health } from '../health.ts';
import type { Outside } from '../outside.ts';
import type { TaskInvariants, WatchedTask } from './task-invariants.ts';
import type { Complain, Invariant } from './violation.ts';

const minute = 60_000;

/** What is as wrong for so long, while all was whole, is no passing state; the tracker is looked at each half hour. In ms. */
const patience = 45 * minute;

interface Suspicion {
  invariant: Invariant;
  what: string;
}

/** So long after an outage it may take to be whole again, in ms; a quarantined agent counts as whole. */
const longestRecovery = 20 * minute;

/** By the state of a task that nobody holds. */
const endLabels: ReadonlyMap<string, string> = new Map([
  ['done', 'status:done'],
  ['failed', 'status:failed'],
  ['blocked', 'status:blocked'],
]);

const isAnEnd = (label: string): boolean =>
  label.startsWith('assigned:') || [...endLabels.values()].includes(label);

export interface LivenessView {
  outside: Outside;
  tasks: TaskInvariants;
  health: Health;
  /** Of the living daemon. */
  world(): World | undefined;
  whatIsMissing(): string;
  /** For how long the wall clock has gone evenly, in ms. */
  evenFor(): number;
}

export class LivenessInvariants {
  readonly #view: LivenessView;
  readonly #complain: Complain;
  /** Since when each suspicion holds, in simulated ms. */
  #suspicions = new Map<string, number>();

  constructor(view: LivenessView, complain: Complain) {
    this.#view = view;
    this.#complain = complain;
    view.tasks.onChange(({ before, after }) => this.#lookAtLease(before, after));
  }

  look(): void {
    const { outside, health } = this.#view;
    const world = this.#view.world();
    const isCalm = outside.broker.isUp && world !== undefined;
    if (isCalm && !health.whole && health.lasting > longestRecovery)
      this.#complain(
        'whole tree',
        `not whole for ${Math.round(health.lasting / minute)} minutes: ${this.#view.whatIsMissing()}`,
      );
    const suspicions = health.whole && world ? this.#suspect(world) : [];
    const { elapsed } = outside.time;
    const since = new Map<string, number>();
    for (const { invariant, what } of suspicions) {
      const first = this.#suspicions.get(what) ?? elapsed;
      since.set(what, first);
      if (elapsed - first > patience) this.#complain(invariant, what);
    }
    this.#suspicions = since;
    this.#lookForLeaks();
  }

  /** What should not last. */
  *#suspect(world: World): Generator<Suspicion> {
    for (const what of this.#suspectTasks(world)) yield { invariant: 'no silent stop', what };
    for (const what of this.#suspectLabels()) yield { invariant: 'labels', what };
    const presence = world.ports.presence.peek();
    for (const { name } of world.places.values()) {
      const since = this.#view.outside.broker.inbox.waitingSince(name);
      if (since !== undefined && presence?.get(name)?.availability !== 'quarantined') {
        const what = `a message to ${name} of ${new Date(since).toISOString()} waits`;
        yield { invariant: 'messages kept', what };
      }
    }
  }

  *#suspectTasks(world: World): Generator<string> {
    const presence = world.ports.presence.peek();
    const idle = [...world.places.values()].filter(
      ({ name }) => presence?.get(name)?.availability === 'idle',
    );
    for (const [id, task] of this.#view.tasks.tasks) {
      if (task.claim) {
        const present = presence?.get(task.claim.agent);
        if (present?.availability === 'idle')
          yield `task ${id} is held by ${task.claim.agent} with token ${task.token}, who is idle`;
      } else if (task.state === 'waiting' && world.trackerRead && this.#isReady(task)) {
        const free = idle.find(({ config }) => config.roles.includes(task.flow[task.stageIndex] ?? ''));
        if (free) yield `task ${id} waits, and ${free.name} is idle`;
      }
    }
  }

  *#suspectLabels(): Generator<string> {
    const { tracker } = this.#view.outside;
    if (tracker.isAway) return;
    for (const { id, labels } of tracker.issues.values()) {
      const task = this.#view.tasks.tasks.get(id);
      if (!task || task.state === 'closed') continue;
      const wanted = task.claim ? `assigned:${task.claim.agent}` : endLabels.get(task.state);
      const isRight = wanted === undefined ? !labels.some(isAnEnd) : labels.includes(wanted);
      if (!isRight)
        yield `issue ${id} shows ${labels.join(', ')}, and its task is ${task.state} with token ${task.token}`;
    }
  }

  #isReady({ issue }: WatchedTask): boolean {
    return issue.blockedBy.every((blocker) => this.#view.tasks.isOver(blocker));
  }

  /** Renewed after it had run out: by the scheduler, to make up for a clock that was ahead, and here for no reason. */
  #lookAtLease(before: WatchedTask | undefined, after: WatchedTask): void {
    if (!before?.claim || !after.claim || before.token !== after.token) return;
    const lease = this.#view.world()?.config.scheduler.lease ?? 0;
    const { health } = this.#view;
    const isCalm = health.whole && Math.min(health.lasting, this.#view.evenFor()) > lease;
    if (isCalm && before.claim.leaseUntil < Date.now())
      this.#complain(
        'leases renewed',
        `the lease of ${before.claim.agent} on task ${after.issue.id} ran out`,
      );
  }

  #lookForLeaks(): void {
    const { outside, tasks } = this.#view;
    const agents = outside.agents.length;
    const timers = outside.time.daemonTimers;
    if (timers > 100 + 40 * agents) this.#complain('nothing leaks', `the daemon has set ${timers} timers`);
    if (outside.host.count > 10 + 8 * agents)
      this.#complain('nothing leaks', `${outside.host.count} processes live`);
    const sites = outside.repository.sites.size;
    if (sites > tasks.tasks.size + agents) this.#complain('nothing leaks', `there are ${sites} worktrees`);
  }
}
