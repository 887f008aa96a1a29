/** Who lives and has lived in a scenario and what happens to them, in the oracle's names and words. */
import type { Report } from '../../../machines/supervision/command.ts';
import type { ExitReason } from '../../../machines/supervision/exit-reason.ts';
import type { Pid } from '../../../machines/supervision/message.ts';
import { causeWord, childWord, reasonWord } from './otp-words.ts';
import type { TraceEntry } from './scenario.ts';

/** One life of one child, or that of the root supervisor. */
export interface Life {
  /** Ids from the root down, as the oracle writes them. */
  readonly path: string;
  /** Of the attempt to start this path that it came from, counted from 1 over the whole scenario. */
  readonly number: number;
  /** What its supervisor calls it; empty for the root. */
  readonly pid: Pid;
  /** That of its supervisor; null for the root. */
  readonly above: Life | null;
  /** The last life of each child that was started under it, by id as the oracle writes it. */
  readonly children: Map<string, Life>;
  /** All lives that were started under it, by pid. */
  readonly lives: Map<Pid, Life>;
  isAlive: boolean;
}

/** Keeps the trace of a scenario that a supervisor of ours is put through. */
export class Chronicle {
  readonly trace: TraceEntry[] = [];
  readonly root: Life = newLife('', 1, '', null);
  readonly #attempts = new Map<string, number>();
  /** The life each of our own paths is in, or was last. */
  readonly #lives = new Map<string, Life>([['', this.root]]);

  constructor() {
    this.root.isAlive = true;
  }

  operation(name: string): void {
    this.trace.push(['op', name]);
  }

  /** An attempt to start the child at `path`, a path of our own, begins. */
  begin(path: string, pid: Pid): Life {
    const above = this.lifeAt(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
    const word = pathBelow(above, idOf(pid));
    const number = (this.#attempts.get(word) ?? 0) + 1;
    this.#attempts.set(word, number);
    const life = newLife(word, number, pid, above);
    this.#lives.set(path, life);
    return life;
  }

  /** How that attempt went. */
  started(life: Life, result: 'ok' | 'ignore' | 'error'): void {
    this.trace.push(['start', life.path, life.number, result]);
    if (result !== 'ok') return;
    life.isAlive = true;
    life.above?.children.set(idOf(life.pid), life);
    life.above?.lives.set(life.pid, life);
  }

  /** A life is over; one that never quite began, or is over already, does not end again. */
  ended(life: Life, reason: ExitReason): void {
    if (!life.isAlive) return;
    life.isAlive = false;
    this.trace.push(['exit', life.path, life.number, reasonWord(reason)]);
  }

  /** The supervisor at `path`, a path of our own, reports. */
  report(path: string, report: Report): void {
    const supervisor = this.lifeAt(path);
    const entry = ['report', supervisor.path];
    switch (report.report) {
      case 'child_started':
      case 'child_restarted':
        this.trace.push([...entry, 'progress', nameBelow(supervisor, report.pid)]);
        break;
      case 'child_terminated':
      case 'shutdown_error':
        this.trace.push([
          ...entry,
          report.report,
          nameBelow(supervisor, report.pid),
          reasonWord(report.reason),
        ]);
        break;
      case 'start_error':
      case 'shutdown':
        this.trace.push([
          ...entry,
          report.report,
          pathBelow(supervisor, childWord(report.id)),
          causeWord(report.reason),
        ]);
        break;
    }
  }

  /** The life that the child at one of our own paths is in, or was last. */
  lifeAt(path: string): Life {
    const life = this.#lives.get(path);
    if (!life) throw new Error(`nothing has ever been started at ${path}`);
    return life;
  }

  /** The life at a path as the oracle writes it; undefined if it is over or never began. */
  living(path: string): Life | undefined {
    let life: Life | undefined = this.root;
    for (const id of path === '' ? [] : path.split('/')) life = life?.children.get(id);
    return life?.isAlive ? life : undefined;
  }
}

/** The oracle's name of the life that a supervisor calls `pid`. */
export function nameBelow(supervisor: Life, pid: Pid): string {
  const life = supervisor.lives.get(pid);
  if (!life) throw new Error(`${supervisor.path} has no child ${pid}`);
  return `${life.path}#${life.number}`;
}

function newLife(path: string, number: number, pid: Pid, above: Life | null): Life {
  return { path, number, pid, above, children: new Map(), lives: new Map(), isAlive: false };
}

function pathBelow({ path }: Life, id: string): string {
  return path === '' ? id : `${path}/${id}`;
}

function idOf(pid: Pid): string {
  return childWord(pid.slice(0, pid.lastIndexOf('#')));
}
