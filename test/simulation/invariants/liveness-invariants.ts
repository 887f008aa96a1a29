/** What must hold over time: nothing waits without a reason, and nothing piles up. Looked at every ten simulated minutes. */
import type { World } from '../../../src/actors/world.ts';
import type { Health } from '../health.ts';
import type { Outside } from '../outside.ts';
import type { TaskInvariants, WatchedTask } from './task-invariants.ts';
import type { Complain } from './violation.ts';

const minute = 60_000;

/** What is as wrong for so long, while all was whole, is no passing state. In ms. */
const patience = 25 * minute;

/** So long after an outage it may take to be whole again, in ms; a quarantined agent counts as whole. */
const longestRecovery = 20 * minute;

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
    for (const suspicion of suspicions) {
      const first = this.#suspicions.get(suspicion) ?? elapsed;
      since.set(suspicion, first);
      if (elapsed - first > patience) this.#complain('no silent stop', suspicion);
    }
    this.#suspicions = since;
    this.#lookForLeaks();
  }

  /** What should not last. */
  *#suspect(world: World): Generator<string> {
    const { outside, tasks } = this.#view;
    const presence = world.ports.presence.peek();
    const idle = [...world.places.values()].filter(
      ({ name }) => presence?.get(name)?.availability === 'idle',
    );
    for (const [id, task] of tasks.tasks) {
      if (task.claim) {
        const present = presence?.get(task.claim.agent);
        if (present?.availability === 'idle')
          yield `task ${id} is held by ${task.claim.agent} with token ${task.token}, who is idle`;
      } else if (task.state === 'waiting' && world.trackerRead && this.#isReady(task)) {
        const free = idle.find(({ config }) => config.roles.includes(task.flow[task.stageIndex] ?? ''));
        if (free) yield `task ${id} waits, and ${free.name} is idle`;
      }
    }
    for (const { name } of world.places.values()) {
      const since = outside.broker.inbox.waitingSince(name);
      if (since !== undefined && presence?.get(name)?.availability !== 'quarantined')
        yield `a message to ${name} of ${new Date(since).toISOString()} waits`;
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
