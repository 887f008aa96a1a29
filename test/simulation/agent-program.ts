/** The programs in the panes: started for each task, or kept running and talked to. They do not know who watches them. */
import { BusError } from '../../src/bus/bus-error.ts';
import { type Assignment, querySubject, type ReportName, reportSubject } from '../../src/events/commands.ts';
import { changeInterval, messageShare, planOf } from './agent-model.ts';
import type { Chance } from './chance.ts';
import type { SimulatedBroker } from './simulated-broker.ts';
import type { SimulatedRepository } from './simulated-repository.ts';
import type { SimulatedTime } from './simulated-time.ts';
import type { Program, ProgramPlace } from './simulated-tmux-server.ts';

/** What an agent's program is at. */
export interface Performance {
  agent: string;
  task: string;
  token: number;
  stage: string;
}

/** Hears what programs do, for the invariants. */
export interface ProgramWitness {
  begun(performance: Performance): void;
  /** It has changed something. */
  changed(performance: Performance): void;
  /** It said that it is done, or ended so. */
  concluded(performance: Performance): void;
  /** It is not at it any more, in whatever way. */
  ended(performance: Performance): void;
  typed(agent: string, line: string): void;
}

export interface ProgramWorld {
  time: SimulatedTime;
  chance: Chance;
  broker: SimulatedBroker;
  repository: SimulatedRepository;
  witness: ProgramWitness;
  write(from: string): void;
}

/** Started by its environment: with a task in it, it is for that task only. */
export function startProgram(world: ProgramWorld, place: ProgramPlace): Program {
  const { environment } = place.spec;
  return environment['ORCHESTRA_TASK'] === undefined ? keptProgram(world, place) : taskProgram(world, place);
}

function taskProgram(world: ProgramWorld, place: ProgramPlace): Program {
  const { chance, witness } = world;
  const { environment } = place.spec;
  const life = new ProgramLife(world, place);
  const performance = {
    agent: life.agent,
    task: environment['ORCHESTRA_TASK'] ?? '',
    token: Number(environment['ORCHESTRA_TOKEN']),
    stage: environment['ORCHESTRA_STAGE'] ?? '',
  };
  life.perform(performance, async (outcome) => {
    const isReporting = outcome === 'block' || chance.happens(0.5);
    if (isReporting) await life.report(outcome, performance);
    place.exit({ status: outcome === 'done' ? 0 : 1 });
  });
  return {
    type: (line) => witness.typed(life.agent, line),
    interrupt: () => life.interrupt(),
    ended: () => life.end(),
  };
}

function keptProgram(world: ProgramWorld, place: ProgramPlace): Program {
  const { chance, witness, time } = world;
  const life = new ProgramLife(world, place);
  const begin = async (task: string) => {
    // What is typed meanwhile waits until it has said how the last one ended.
    await life.saidAll();
    const assignment = await life.assignment();
    if (!assignment || assignment.task !== task) return;
    const { token, stage } = assignment;
    const performance = { agent: life.agent, task, token, stage };
    if (!life.isAt(performance)) life.stopPerforming();
    if (!(await life.report('accept', performance)) || life.isAt(performance)) return;
    life.perform(performance, async (outcome) => {
      await life.report(outcome, performance);
    });
  };
  time.after(chance.between(500, 4_000), () => void life.report('ready'));
  return {
    type(line) {
      witness.typed(life.agent, line);
      const [, task] = /^orchestra: task ([\w-]+),/.exec(line) ?? [];
      if (task !== undefined) void begin(task);
      else if (line.startsWith('orchestra:')) life.nudge();
    },
    interrupt: () => life.interrupt(),
    ended: () => life.end(),
  };
}

type Ending = 'done' | 'fail' | 'block';

/** One process of an agent: what it is at, and its timers, which end with it. */
class ProgramLife {
  readonly agent: string;
  readonly #world: ProgramWorld;
  readonly #place: ProgramPlace;
  readonly #timers = new Set<() => void>();
  #performance: Performance | undefined;
  #goOn: (() => void) | undefined;
  #isOver = false;
  #saying = Promise.resolve();

  constructor(world: ProgramWorld, place: ProgramPlace) {
    this.agent = place.spec.environment['ORCHESTRA_AGENT'] ?? '';
    this.#world = world;
    this.#place = place;
  }

  isAt({ task, token }: Performance): boolean {
    return this.#performance?.task === task && this.#performance.token === token;
  }

  /** Works; `conclude` is called when it has come to an end of its own. */
  perform(performance: Performance, conclude: (ending: Ending) => Promise<void>): void {
    const { chance, repository, witness } = this.#world;
    this.#performance = performance;
    witness.begun(performance);
    if (chance.happens(messageShare)) this.#world.write(this.agent);
    const { course, duration } = planOf(chance, performance.stage);
    this.#change();
    const end = (ending: Ending) => {
      if (ending === 'done') {
        repository.commit(performance.task);
        witness.concluded(performance);
      }
      this.stopPerforming();
      this.#saying = conclude(ending);
    };
    this.#after(duration, () => {
      switch (course) {
        case 'crash':
          this.#crash();
          return;
        case 'hang':
        case 'limit':
          this.#stopTimers();
          this.#goOn = () => this.#after(duration, () => end('done'));
          if (course === 'limit') this.#after(chance.between(1, 5) * 3_600_000, () => this.nudge(1));
          return;
        default:
          end(course);
      }
    });
  }

  /** Resolves when it was heard how the last one ended, or nobody wants to hear it. */
  saidAll(): Promise<void> {
    return this.#saying;
  }

  stopPerforming(): void {
    this.#stopTimers();
    this.#goOn = undefined;
    const performance = this.#performance;
    this.#performance = undefined;
    if (performance) this.#world.witness.ended(performance);
  }

  /** One that hangs may wake up by it. */
  nudge(probability = 0.3): void {
    const goOn = this.#goOn;
    if (!goOn || !this.#performance || !this.#world.chance.happens(probability)) return;
    this.#goOn = undefined;
    this.#stopTimers();
    this.#change();
    goOn();
  }

  interrupt(): void {
    if (this.#world.chance.happens(0.5)) this.#place.exit({ signal: 'SIGINT' });
  }

  /** Says it until it is heard, as `orchestra task` does. @returns whether it was taken */
  async report(verb: ReportName, performance?: Performance): Promise<boolean> {
    const { time, chance, broker } = this.#world;
    const body = performance ? { task: performance.task, token: performance.token } : {};
    while (!this.#isOver) {
      try {
        await broker.ask(reportSubject(this.agent, verb), body);
        return !this.#isOver;
      } catch (error) {
        if (error instanceof BusError && error.code === 'refused') return false;
      }
      await time.pass(chance.between(2_000, 8_000));
    }
    return false;
  }

  async assignment(): Promise<Assignment | undefined> {
    const { time, broker } = this.#world;
    while (!this.#isOver) {
      try {
        const answer = await broker.ask(querySubject(this.agent, 'assignment'), {});
        return (answer as { assignment: Assignment | null }).assignment ?? undefined;
      } catch {
        await time.pass(2_000);
      }
    }
    return undefined;
  }

  /** It is gone. */
  end(): void {
    this.#isOver = true;
    this.stopPerforming();
  }

  /** Sometimes a tool that it had started goes on without it. */
  #crash(): void {
    const { host, pid, spec } = this.#place;
    if (this.#world.chance.happens(0.3)) host.spawn({ parent: pid, environment: spec.environment });
    this.#place.exit({ signal: 'SIGSEGV' });
  }

  #change(): void {
    if (!this.#performance) return;
    this.#world.repository.change(this.#performance.task);
    this.#world.witness.changed(this.#performance);
    this.#after(changeInterval, () => this.#change());
  }

  #after(milliseconds: number, act: () => void): void {
    const cancel = this.#world.time.after(milliseconds, () => {
      this.#timers.delete(cancel);
      if (!this.#isOver) act();
    });
    this.#timers.add(cancel);
  }

  #stopTimers(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }
}
