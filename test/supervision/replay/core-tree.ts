/** A supervision tree made of the pure core alone: its commands are carried out at once by children that exist only here. */
import type { Command } from '../../../machines/supervision/command.ts';
import {
  crashed,
  type ExitReason,
  ignore,
  killed,
  shutdown,
} from '../../../machines/supervision/exit-reason.ts';
import type { Message, Pid, StartResult } from '../../../machines/supervision/message.ts';
import { step } from '../../../machines/supervision/step.ts';
import { initialState, type SupervisorState } from '../../../machines/supervision/supervisor-state.ts';
import { Chronicle, type Life } from './chronicle.ts';
import { reasonFrom } from './otp-words.ts';
import type { Script, SupervisorScript } from './scenario.ts';
import { failureOf, fateOf, flagsFrom, specFrom, withArguments } from './script-spec.ts';

/** The answer to a call. */
export type Replied = Extract<Command<Script>, { type: 'reply' }>['reply'];

/** One life of one supervisor. */
export interface Node {
  /** In the core's own ids. */
  readonly path: string;
  readonly life: Life;
  readonly above: Node | null;
  state: SupervisorState<Script>;
  hasStarted: boolean;
}

type StartCommand = Extract<Command<Script>, { type: 'child.start' }>;

/** Nothing in it takes time: after each `tell`, `end` and `kill` it is at rest. */
export class CoreTree {
  readonly chronicle = new Chronicle();
  readonly root: Node;
  /** For restart intensity. */
  seconds = 0;
  /** Why the root ended. */
  exit: ExitReason = shutdown;
  readonly #replied: (reply: Replied) => void;
  readonly #nodes = new Map<Life, Node>();
  readonly #workers = new Map<Life, Script>();
  readonly #inbox: { readonly to: Node; readonly message: Message<Script> }[] = [];

  constructor(root: SupervisorScript, replied: (reply: Replied) => void) {
    this.#replied = replied;
    this.root = this.#startSupervisor(root, '', this.chronicle.root, null, false);
    this.#work();
  }

  /** The supervisor that lives this life; undefined if it is a worker's, or over. */
  node(life: Life): Node | undefined {
    return this.#nodes.get(life);
  }

  tell(to: Node, message: Message<Script>): void {
    this.#inbox.push({ to, message });
    this.#work();
  }

  /** A worker ends by itself. */
  end(worker: Life, reason: ExitReason): void {
    this.#ended(worker, reason);
    this.#work();
  }

  kill(life: Life): void {
    this.#kill(life);
    this.#work();
  }

  #work(): void {
    for (let next = this.#inbox.shift(); next; next = this.#inbox.shift()) {
      const { to, message } = next;
      if (this.#nodes.get(to.life) === to) this.#take(to, message);
    }
  }

  #take(node: Node, message: Message<Script>): void {
    const { state, commands } = step(node.state, message, this.seconds * 1000);
    node.state = frozen(state);
    for (const command of commands) this.#carryOut(node, command);
    if (state.phase === 'terminated') this.#supervisorEnded(node);
  }

  #carryOut(node: Node, command: Command<Script>): void {
    switch (command.type) {
      case 'child.start':
        this.#startChild(node, command);
        break;
      case 'child.stop':
        this.#stopChild(lifeOf(node, command.pid), command.brutal);
        break;
      case 'report':
        this.chronicle.report(node.path, command.report);
        break;
      case 'reply':
        this.#replied(command.reply);
        break;
      case 'initialized':
        node.hasStarted = true;
        if (node.above) this.#started(node.above, node.life, { type: 'ok' });
        break;
      case 'restart.schedule':
      case 'restart.cancel':
        throw new Error('without backoff there are no timers');
    }
  }

  #startChild(node: Node, { pid, spec, args }: StartCommand): void {
    const path = node.path === '' ? spec.id : `${node.path}/${spec.id}`;
    const life = this.chronicle.begin(path, pid);
    const script = withArguments(spec.start, args);
    const fate = fateOf(script, life);
    if (script.supervisor) {
      this.#startSupervisor(script.supervisor, path, life, node, fate === 'ignore');
    } else if (fate === 'ignore') {
      this.#started(node, life, { type: 'ignore' });
    } else if (fate === 'error' || fate === 'throw') {
      this.#started(node, life, { type: 'error', reason: failureOf(fate) });
    } else {
      this.#workers.set(life, script);
      this.#started(node, life, fate === 'info' ? { type: 'ok', info: fate } : { type: 'ok' });
      if (fate === 'dies') this.#ended(life, crashed('crash'));
    }
  }

  #startSupervisor(
    script: SupervisorScript,
    path: string,
    life: Life,
    above: Node | null,
    declines: boolean,
  ): Node {
    const children = declines ? ignore : script.children.map((child) => specFrom(child, child));
    const state = initialState(flagsFrom(script), children);
    const node = { path, life, above, state, hasStarted: false };
    this.#nodes.set(life, node);
    this.#inbox.push({ to: node, message: { type: 'init' } });
    return node;
  }

  #started(node: Node, life: Life, result: StartResult): void {
    this.chronicle.started(life, result.type);
    this.#inbox.push({ to: node, message: { type: 'child.started', pid: life.pid, result } });
  }

  #stopChild(child: Life, brutal: boolean): void {
    if (!child.isAlive) return;
    const supervisor = this.#nodes.get(child);
    const wish = this.#workers.get(child)?.on_shutdown ?? 'shutdown';
    if (brutal || wish === 'hang') this.#kill(child);
    else if (!supervisor) this.#ended(child, reasonFrom(wish));
    else this.#inbox.push({ to: supervisor, message: { type: 'shutdown', reason: shutdown } });
  }

  /** A supervisor is over: its life, or only its start. */
  #supervisorEnded(node: Node): void {
    const { life, above, state, hasStarted } = node;
    if (!above || hasStarted) {
      this.#ended(life, state.exit ?? shutdown);
      return;
    }
    this.#nodes.delete(life);
    this.#started(above, life, state.exit ? { type: 'error', reason: state.exit } : { type: 'ignore' });
  }

  /** By force: whoever is below goes first, and nobody is asked. */
  #kill(life: Life): void {
    this.#sweepBelow(life);
    this.#ended(life, killed);
  }

  #sweepBelow(life: Life): void {
    for (const child of [...life.children.values()].reverse()) {
      this.#sweepBelow(child);
      this.#forget(child, killed);
    }
  }

  #ended(life: Life, reason: ExitReason): void {
    const above = life.above && this.#nodes.get(life.above);
    this.#forget(life, reason);
    if (above) this.#inbox.push({ to: above, message: { type: 'child.exited', pid: life.pid, reason } });
    else this.exit = reason;
  }

  #forget(life: Life, reason: ExitReason): void {
    this.chronicle.ended(life, reason);
    this.#nodes.delete(life);
    this.#workers.delete(life);
  }
}

function lifeOf({ life }: Node, pid: Pid): Life {
  const child = life.lives.get(pid);
  if (!child) throw new Error(`${life.path} has no child ${pid}`);
  return child;
}

/** So that a step which changes the state it was given is found out. */
function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}
