/** The pure core as a subject of replay: its commands are carried out at once by children that exist only here. */
import type { Command } from '../../machines/supervision/command.ts';
import {
  crashed,
  type ExitReason,
  ignore,
  killed,
  shutdown,
} from '../../machines/supervision/exit-reason.ts';
import type { Message, Pid, Request } from '../../machines/supervision/message.ts';
import { step } from '../../machines/supervision/step.ts';
import { initialState, type SupervisorState } from '../../machines/supervision/supervisor-state.ts';
import { Chronicle, type Life } from './chronicle.ts';
import { reasonFrom } from './otp-words.ts';
import type { PendingResult, ScriptedCall, Subject } from './replay.ts';
import type { Scenario, Script, SupervisorScript } from './scenario.ts';
import { failureOf, fateOf, flagsFrom, specFrom } from './script-spec.ts';

type Replied = Extract<Command<Script>, { type: 'reply' }>['reply'];

/** One life of one supervisor. */
interface Node {
  /** In the core's own ids. */
  readonly path: string;
  readonly life: Life;
  readonly above: Node | null;
  state: SupervisorState<Script>;
  hasStarted: boolean;
}

/** A tree of the scenario's supervisors and children. */
export function coreSubject({ root: rootScript }: Scenario): Subject {
  const chronicle = new Chronicle();
  const nodes = new Map<Life, Node>();
  const workers = new Map<Life, Script>();
  const waiting = new Map<string, (reply: Replied) => void>();
  const inbox: { readonly to: Node; readonly message: Message<Script> }[] = [];
  let seconds = 0;
  let calls = 0;

  function work(): void {
    for (let next = inbox.shift(); next; next = inbox.shift()) {
      if (nodes.get(next.to.life) === next.to) take(next.to, next.message);
    }
  }

  function take(node: Node, message: Message<Script>): void {
    const { state, commands } = step(node.state, message, seconds * 1000);
    node.state = frozen(state);
    for (const command of commands) carryOut(node, command);
    if (state.phase === 'terminated') supervisorEnded(node);
  }

  function carryOut(node: Node, command: Command<Script>): void {
    switch (command.type) {
      case 'child.start':
        startChild(node, command);
        break;
      case 'child.stop':
        stopChild(node, childOf(node, command.pid), command.brutal);
        break;
      case 'report':
        chronicle.report(node.path, command.report);
        break;
      case 'reply':
        waiting.get(command.reply.correlation)?.(command.reply);
        break;
      case 'initialized':
        node.hasStarted = true;
        if (node.above) childStarted(node.above, node.life, 'ok');
        break;
      case 'restart.schedule':
      case 'restart.cancel':
        throw new Error('without backoff there are no timers');
    }
  }

  function startChild(
    node: Node,
    { pid, spec, args }: Extract<Command<Script>, { type: 'child.start' }>,
  ): void {
    const path = node.path === '' ? spec.id : `${node.path}/${spec.id}`;
    const life = chronicle.begin(path, pid);
    const script: Script = { ...spec.start, ...asScript(args) };
    const fate = fateOf(script, life);
    if (script.supervisor) {
      startSupervisor(script.supervisor, path, life, node, fate === 'ignore');
    } else if (fate === 'ignore') {
      childStarted(node, life, 'ignore');
    } else if (fate === 'error' || fate === 'throw') {
      startFailed(node, life, failureOf(fate));
    } else {
      workers.set(life, script);
      childStarted(node, life, 'ok', fate === 'info' ? fate : undefined);
      if (fate === 'dies') ended(life, crashed('crash'));
    }
  }

  function startSupervisor(
    script: SupervisorScript,
    path: string,
    life: Life,
    above: Node | null,
    declines: boolean,
  ): Node {
    const children = declines ? ignore : script.children.map((child) => specFrom(child, child));
    const state = initialState(flagsFrom(script), children);
    const node = { path, life, above, state, hasStarted: false };
    nodes.set(life, node);
    inbox.push({ to: node, message: { type: 'init' } });
    return node;
  }

  function childStarted(node: Node, life: Life, type: 'ok' | 'ignore', info?: string): void {
    chronicle.started(life, type);
    const result = info === undefined ? { type } : { type, info };
    inbox.push({ to: node, message: { type: 'child.started', pid: life.pid, result } });
  }

  function startFailed(node: Node, life: Life, reason: unknown): void {
    chronicle.started(life, 'error');
    inbox.push({
      to: node,
      message: { type: 'child.started', pid: life.pid, result: { type: 'error', reason } },
    });
  }

  function stopChild(node: Node, child: Life, brutal: boolean): void {
    if (!child.isAlive) return;
    const supervisor = nodes.get(child);
    const wish = workers.get(child)?.on_shutdown ?? 'shutdown';
    if (brutal || wish === 'hang') kill(child);
    else if (supervisor) inbox.push({ to: supervisor, message: { type: 'shutdown', reason: shutdown } });
    else ended(child, reasonFrom(wish));
  }

  /** A supervisor is over: its start is, or its life. */
  function supervisorEnded(node: Node): void {
    const { life, above, state } = node;
    if (!above || node.hasStarted) return ended(life, state.exit ?? shutdown);
    nodes.delete(life);
    if (state.exit) startFailed(above, life, state.exit);
    else childStarted(above, life, 'ignore');
  }

  /** By force: whoever is below goes first, and nobody is asked. */
  function kill(life: Life): void {
    sweepBelow(life);
    ended(life, killed);
  }

  function sweepBelow(life: Life): void {
    for (const child of [...life.children.values()].reverse()) {
      sweepBelow(child);
      chronicle.ended(child, killed);
      nodes.delete(child);
    }
  }

  function ended(life: Life, reason: ExitReason): void {
    chronicle.ended(life, reason);
    const above = life.above && nodes.get(life.above);
    nodes.delete(life);
    workers.delete(life);
    if (above) inbox.push({ to: above, message: { type: 'child.exited', pid: life.pid, reason } });
    else rootExit = reason;
  }

  function nodeOf(supervisor: Life): Node {
    const node = nodes.get(supervisor);
    if (!node) throw new Error(`${supervisor.path} is no supervisor`);
    return node;
  }

  function send(supervisor: Life, message: Message<Script>): void {
    inbox.push({ to: nodeOf(supervisor), message });
    work();
  }

  let rootExit: ExitReason = shutdown;
  const root = startSupervisor(rootScript, '', chronicle.root, null, false);
  work();
  return {
    chronicle,
    startFailure: () => (root.hasStarted ? null : rootExit),
    exit: () => rootExit,
    strategyOf: (life) => nodes.get(life)?.state.flags.strategy ?? null,
    end: (worker, reason) => {
      ended(worker, reason);
      work();
    },
    kill: (child) => {
      kill(child);
      work();
    },
    call: (supervisor, call): PendingResult =>
      new Promise((resolve) => {
        calls += 1;
        const correlation = String(calls);
        waiting.set(correlation, (reply) => resolve(reply.result));
        send(supervisor, { type: 'call', correlation, request: requestOf(nodeOf(supervisor), call) });
      }),
    suspend: (supervisor) => send(supervisor, { type: 'suspend' }),
    resume: (supervisor) => send(supervisor, { type: 'resume' }),
    shutDown: () => send(chronicle.root, { type: 'shutdown', reason: shutdown }),
    advance: (passed) => {
      seconds += passed;
    },
    settle: async () => undefined,
  };
}

function childOf({ life }: Node, pid: Pid): Life {
  const child = life.lives.get(pid);
  if (!child) throw new Error(`${life.path} has no child ${pid}`);
  return child;
}

function requestOf({ state }: Node, call: ScriptedCall): Request<Script> {
  switch (call.op) {
    case 'start_child':
      if (state.template) return { call: call.op, child: { args: call.child } };
      return { call: call.op, child: specFrom(call.child, call.child) };
    case 'which_children':
    case 'count_children':
      return { call: call.op };
    default:
      return { call: call.op, child: call.id };
  }
}

/** The arguments of a dynamic child are its own script, which comes on top of its template's. */
function asScript(args: unknown): Script {
  return typeof args === 'object' && args !== null ? args : {};
}

/** So that a step which changes the state it was given is found out. */
function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}
