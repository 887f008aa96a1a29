/** The pure core as a subject of replay: its commands are carried out at once by children that exist only here. */
import type { Command } from '../../machines/supervision/command.ts';
import { type ExitReason, killed, shutdown } from '../../machines/supervision/exit-reason.ts';
import type { Message, Request } from '../../machines/supervision/message.ts';
import { step } from '../../machines/supervision/step.ts';
import { initialState } from '../../machines/supervision/supervisor-state.ts';
import { type Scenario, Script, type TraceEntry } from './corpus.ts';
import { pidWord, reasonFrom, reasonWord, splitPid } from './otp-words.ts';
import {
  failureOf,
  fateOf,
  type PendingResult,
  type ScriptedCall,
  type Subject,
  specFrom,
} from './replay.ts';

type Replied = Extract<Command<Script>, { type: 'reply' }>['reply'];

/** A supervisor of the scenario's flags and children. */
export function coreSubject(scenario: Scenario): Subject {
  const { strategy, intensity, period, auto_shutdown: autoShutdown, children } = scenario;
  const flags = { strategy, intensity, period, autoShutdown, backoff: 'none' } as const;
  let state = initialState<Script>(flags, children.map(scriptSpec));
  let seconds = 0;
  let calls = 0;
  let hasStarted = false;
  const trace: TraceEntry[] = [];
  const living = new Map<string, Script>();
  const waiting = new Map<string, (reply: Replied) => void>();
  const inbox: Message<Script>[] = [{ type: 'init' }];

  function send(message: Message<Script>): void {
    inbox.push(message);
    work();
  }

  function work(): void {
    for (let message = inbox.shift(); message; message = inbox.shift()) {
      const wasAlive = state.phase !== 'terminated';
      const next = step(state, message, seconds * 1000);
      state = frozen(next.state);
      for (const command of next.commands) carryOut(command);
      if (wasAlive && state.phase === 'terminated')
        trace.push(['sup_exit', reasonWord(state.exit ?? shutdown)]);
    }
  }

  function carryOut(command: Command<Script>): void {
    if (command.type === 'initialized') hasStarted = true;
    if (command.type === 'reply') waiting.get(command.reply.correlation)?.(command.reply);
    if (command.type === 'child.start') startChild(command);
    if (command.type === 'child.stop') inbox.push(exitOf(command.pid, wayToEnd(command.pid, command.brutal)));
  }

  function startChild({ pid, spec, args }: Extract<Command<Script>, { type: 'child.start' }>): void {
    const script = args === undefined ? spec.start : Script.parse(args);
    const [id, life] = splitPid(pidWord(scenario, pid));
    const fate = fateOf(script, life);
    trace.push(['start', id, life, fate === 'throw' ? 'error' : fate]);
    if (fate === 'ok') living.set(pid, script);
    const result =
      fate === 'ok' || fate === 'ignore'
        ? ({ type: fate } as const)
        : ({ type: 'error', reason: failureOf(fate) } as const);
    inbox.push({ type: 'child.started', pid, result });
  }

  function wayToEnd(pid: string, brutal: boolean): ExitReason {
    const wish = living.get(pid)?.on_shutdown ?? 'ok';
    if (brutal || wish === 'hang') return killed;
    return wish === 'ok' ? shutdown : reasonFrom(wish.exit);
  }

  function exitOf(pid: string, reason: ExitReason): Message<Script> {
    living.delete(pid);
    trace.push(['exit', ...splitPid(pidWord(scenario, pid)), reasonWord(reason)]);
    return { type: 'child.exited', pid, reason };
  }

  work();
  return {
    trace,
    hasStarted: () => hasStarted,
    isAlive: () => state.phase !== 'terminated',
    exit: () => state.exit ?? shutdown,
    livePid: (id) => [...living.keys()].findLast((pid) => splitPid(pidWord(scenario, pid))[0] === id),
    end: (pid, reason) => send(exitOf(pid, reason)),
    call: (call): PendingResult =>
      new Promise((resolve) => {
        calls += 1;
        const correlation = String(calls);
        waiting.set(correlation, (reply) => resolve(reply.result));
        send({ type: 'call', correlation, request: requestOf(scenario, call) });
      }),
    suspend: () => send({ type: 'suspend' }),
    resume: () => send({ type: 'resume' }),
    shutDown: () => send({ type: 'shutdown', reason: shutdown }),
    advance: (passed) => {
      seconds += passed;
    },
    settle: async () => undefined,
  };
}

function scriptSpec(script: Script): ReturnType<typeof specFrom<Script>> {
  return specFrom(script, script);
}

function requestOf({ strategy }: Scenario, call: ScriptedCall): Request<Script> {
  switch (call.op) {
    case 'start_child':
      if (strategy === 'simple_one_for_one') return { call: call.op, child: { args: call.child } };
      return { call: call.op, child: scriptSpec(call.child) };
    case 'which_children':
    case 'count_children':
      return { call: call.op };
    default:
      return { call: call.op, child: call.id };
  }
}

/** So that a step which changes the state it was given is found out. */
function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}
