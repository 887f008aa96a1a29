/** A simulated orchestra: people, agents, faults, and daemons one after the other, watched by the invariants. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStateFolder, stateFolder } from '../../src/state-folder/state-folder.ts';
import type { Performance } from './agent-program.ts';
import { Chance } from './chance.ts';
import { faultTargets } from './fault-targets.ts';
import { type FaultKind, scheduleFaults } from './faults.ts';
import { Health } from './health.ts';
import { LivenessInvariants } from './invariants/liveness-invariants.ts';
import { MessageInvariants } from './invariants/message-invariants.ts';
import { TaskInvariants } from './invariants/task-invariants.ts';
import { type Invariant, Violation } from './invariants/violation.ts';
import { WorkInvariants } from './invariants/work-invariants.ts';
import { orchestraConfig } from './orchestra-config.ts';
import { Outside } from './outside.ts';
import { People } from './people.ts';
import type { Sabotage } from './sabotage.ts';
import { SimulatedDaemon } from './simulated-daemon.ts';
import { SimulatedTime } from './simulated-time.ts';
import { foreignWork, replaceSurroundings } from './surroundings.ts';

export interface SimulationOptions {
  seed: number;
  days: number;
  agents: number;
  issuesPerDay: number;
  sabotage?: Sabotage | undefined;
  /** Hears everything that the daemon says, with the simulated time in ms. */
  onFact?: ((at: number, name: string, about: string, body: object) => void) | undefined;
  /** Called once in a simulated day. */
  onDay?: ((simulation: Simulation) => void) | undefined;
}

const minute = 60_000;
const day = 24 * 60 * minute;

/** More timers within one simulated millisecond are an endless loop. */
const mostSteps = 100_000;

/** A restart of one of these is one of the watchdog. */
const watchdogs: ReadonlySet<string> = new Set(['services', 'services/watchdog']);

/** How long systemd waits before it starts a daemon that has ended, in ms. */
const restartPause = 1_000;

export class Simulation {
  readonly options: SimulationOptions;
  readonly time = new SimulatedTime();
  readonly outside: Outside;
  readonly tasks: TaskInvariants;
  readonly work: WorkInvariants;
  readonly messages: MessageInvariants;
  readonly people: People;
  readonly health: Health;
  readonly faults = new Map<FaultKind, number>();
  /** How often a daemon ended because its root gave up. */
  givenUp = 0;
  /** Minutes of agents at work, and of tasks that waited, each looked at once a minute. */
  agentMinutes = 0;
  waitingMinutes = 0;
  mostWaiting = 0;
  violation: Violation | undefined;
  daemons = 0;
  readonly #folder: string;
  readonly #restore: () => void;
  readonly #digest = createHash('sha256');
  #daemon: SimulatedDaemon | undefined;
  #evenSince = 0;
  readonly #unready = new Set<string>();

  constructor(options: SimulationOptions) {
    this.options = options;
    const { seed } = options;
    this.#folder = mkdtempSync(join(tmpdir(), 'orchestra-simulation-'));
    const complain = (invariant: Invariant, what: string) => {
      this.violation ??= new Violation(invariant, this.time.elapsed, what);
    };
    const config = orchestraConfig(options.agents, options.sabotage);
    this.outside = new Outside({
      time: this.time,
      seed,
      agents: Object.keys(config.agents),
      witness: {
        begun: (performance: Performance) => this.work.begun(performance),
        changed: (performance) => this.work.changed(performance),
        concluded: (performance) => {
          this.work.concluded(performance);
          this.people.concluded(performance);
        },
        ended: (performance) => this.work.ended(performance),
        typed: (agent, line) => this.messages.typed(agent, line),
      },
    });
    const { broker } = this.outside;
    this.#restore = replaceSurroundings(this.outside.host, new Chance(seed, 'node'));
    this.tasks = new TaskInvariants(broker.bucket('orch_tasks'), complain, (id) =>
      this.people.archived.has(id),
    );
    this.work = new WorkInvariants(this.tasks, complain, () => this.time.elapsed);
    this.messages = new MessageInvariants(broker.inbox, broker.bucket('orch_ledger'), complain);
    this.people = new People(this.outside, this.tasks, options.issuesPerDay);
    this.health = new Health(this.time, () => broker.isUp && this.#daemon?.isWhole === true);
    broker.onChange = () => this.health.touch();
    const liveness = new LivenessInvariants(
      {
        outside: this.outside,
        tasks: this.tasks,
        health: this.health,
        world: () => this.#daemon?.world,
        whatIsMissing: () => this.#daemon?.whatIsMissing ?? 'the daemon',
        evenFor: () => this.time.elapsed - this.#evenSince,
      },
      complain,
    );
    this.#every(minute, () => this.#sample());
    this.#every(10 * minute, () => {
      liveness.look();
      for (const kind of foreignWork()) complain('simulated time', `${kind} goes by the real time`);
    });
    this.#every(day, () => options.onDay?.(this));
  }

  get daemon(): SimulatedDaemon | undefined {
    return this.#daemon;
  }

  /** The same for two runs if and only if all that was told was the same, at the same times. */
  get digest(): string {
    return this.#digest.copy().digest('hex').slice(0, 16);
  }

  /** Runs to the end, or to the first violation. */
  async run(): Promise<void> {
    const { days, seed } = this.options;
    const fail = (error: unknown) => {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.violation ??= new Violation(
        'daemon ends',
        this.time.elapsed,
        `an error that nobody caught: ${text}`,
      );
    };
    process.on('uncaughtException', fail);
    process.on('unhandledRejection', fail);
    try {
      await createStateFolder(stateFolder(join(this.#folder, 'state')));
      this.startDaemon();
      this.people.start();
      // The first hour is for beginning.
      this.time.after(60 * minute, () =>
        scheduleFaults(this.time, new Chance(seed, 'faults'), faultTargets(this), (kind) => {
          this.faults.set(kind, (this.faults.get(kind) ?? 0) + 1);
          this.health.fault(kind);
          this.#note(`fault ${kind}`, '', {});
        }),
      );
      for (let at = 0, steps = 0; this.time.elapsed < days * day && !this.violation; steps += 1) {
        await this.time.step();
        this.health.look();
        if (this.time.elapsed > at) [at, steps] = [this.time.elapsed, 0];
        else if (steps > mostSteps) fail(new Error(`${steps} timers within one millisecond`));
      }
    } finally {
      process.off('uncaughtException', fail);
      process.off('unhandledRejection', fail);
    }
  }

  /** Gives this process its own time and surroundings back; what it came to has to be read before. */
  end(): void {
    this.#daemon?.life.end();
    this.#restore();
    this.time.end();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  startDaemon(): void {
    if (this.#daemon) return;
    const { outside, options } = this;
    this.daemons += 1;
    this.work.watchBegan();
    this.#daemon = new SimulatedDaemon({
      outside,
      number: this.daemons,
      config: orchestraConfig(options.agents, options.sabotage),
      folder: this.#folder,
      sabotage: options.sabotage,
      hear: (name, about, body) => {
        if (name === 'agent.message.delivered' && 'message' in body)
          this.messages.delivery(about, String(body.message));
        // The watchdog begins anew with all its eyes.
        if (name === 'node.child.restarted' && 'path' in body && watchdogs.has(String(body.path)))
          this.work.watchBegan();
        if (name.startsWith('node.') || this.#isNewsOfHealth(name, about, body)) this.health.touch();
        this.#note(name, about, body);
      },
      onDeadLetter: (id) => this.messages.deadLetter(id),
      onGivenUp: () => {
        this.givenUp += 1;
        this.endDaemon();
      },
    });
    this.health.touch();
  }

  /** It is gone at once; systemd starts another one. */
  endDaemon(pause = restartPause): void {
    if (!this.#daemon) return;
    this.#daemon.life.end();
    this.#forgetDaemon(pause);
  }

  /** In good order. */
  async restartDaemon(): Promise<void> {
    const daemon = this.#daemon;
    if (!daemon || daemon.world.stopping) return;
    await daemon.stop();
    if (this.#daemon === daemon) this.#forgetDaemon(restartPause);
  }

  setWallClock(by: number): void {
    this.#evenSince = this.time.elapsed;
    this.time.setWallClock(by);
  }

  #forgetDaemon(pause: number): void {
    this.#daemon = undefined;
    this.health.touch();
    this.#note('daemon gone', '', {});
    this.time.after(pause, () => this.startDaemon());
  }

  /** From idle to working and back is none. */
  #isNewsOfHealth(name: string, agent: string, body: object): boolean {
    if (name !== 'agent.availability.changed' || !('availability' in body)) return false;
    const isReady = body.availability === 'idle' || body.availability === 'working';
    if (isReady) return this.#unready.delete(agent);
    this.#unready.add(agent);
    return true;
  }

  #sample(): void {
    this.agentMinutes += this.work.atWork;
    const waiting = [...this.tasks.tasks.values()].filter(({ state }) => state === 'waiting').length;
    this.waitingMinutes += waiting;
    this.mostWaiting = Math.max(this.mostWaiting, waiting);
    if (this.health.whole) this.work.look(minute);
  }

  #note(name: string, about: string, body: object): void {
    const { elapsed } = this.time;
    this.#digest.update(`${elapsed} ${name} ${about}\n`);
    this.options.onFact?.(elapsed, name, about, body);
  }

  #every(milliseconds: number, act: () => void): void {
    this.time.after(milliseconds, () => {
      act();
      this.#every(milliseconds, act);
    });
  }
}
