/** Puts a supervisor of ours through a recorded scenario, step by step as the oracle did with OTP's. */
import type { ChildSpec } from '../../machines/supervision/child-spec.ts';
import type { ExitReason } from '../../machines/supervision/exit-reason.ts';
import type { CallName, CallResults } from '../../machines/supervision/message.ts';
import type { Outcome, Scenario, Script, SingleOperation, TraceEntry } from './corpus.ts';
import { reasonFrom, reasonWord, resultWord } from './otp-words.ts';

/** A call, with children described by their scripts. */
export type ScriptedCall = Exclude<SingleOperation, { op: 'exit' }>;

/** The result of a call; it settles at the latest when the supervisor does. */
export type PendingResult = Promise<CallResults<unknown>[CallName]>;

/** A supervisor of ours under test, whatever it is made of. */
export interface Subject {
  readonly trace: TraceEntry[];
  /** Whether its own start succeeded. */
  readonly hasStarted: () => boolean;
  readonly isAlive: () => boolean;
  /** Why it ended. */
  readonly exit: () => ExitReason;
  /** The pid the child with this id lives as, if it does. */
  readonly livePid: (id: string) => string | undefined;
  /** The child ends by itself. */
  readonly end: (pid: string, reason: ExitReason) => void;
  readonly call: (call: ScriptedCall) => PendingResult;
  readonly suspend: () => void;
  readonly resume: () => void;
  readonly shutDown: () => void;
  /** Lets so many seconds pass for restart intensity. */
  readonly advance: (seconds: number) => void;
  /** Waits until the supervisor has nothing left to do. */
  readonly settle: () => Promise<void>;
}

/** The oracle also prints why a start failed; how the children fared says as much. */
const noReason: ['error', string] = ['error', ''];

/** Runs the scenario and tells what came of it, in the oracle's words. */
export async function replay(scenario: Scenario, subject: Subject): Promise<Outcome> {
  await subject.settle();
  const init = subject.hasStarted() ? 'ok' : noReason;
  const results: unknown[] = [];
  for (const operation of scenario.ops) {
    subject.trace.push(['op', operation.op]);
    results.push(await perform(scenario, subject, operation));
  }
  const alive = subject.isAlive();
  const children = alive ? await resultOf(scenario, subject, { op: 'which_children' }) : undefined;
  return { init, results, trace: subject.trace.map((entry) => [...entry]), final: { alive, children } };
}

async function perform(
  scenario: Scenario,
  subject: Subject,
  operation: Scenario['ops'][number],
): Promise<unknown> {
  switch (operation.op) {
    case 'advance':
      subject.advance(operation.s);
      return 'ok';
    case 'stop':
      if (!subject.isAlive()) return 'noproc';
      subject.shutDown();
      await subject.settle();
      return reasonWord(subject.exit());
    case 'exit_all':
      return burst(
        scenario,
        subject,
        operation.exits.map((exit) => ({ op: 'exit', ...exit })),
      );
    case 'burst':
      return burst(scenario, subject, operation.ops);
    default:
      return resultOf(scenario, subject, operation);
  }
}

/** All of `operations` are in the supervisor's mailbox before it acts on the first. */
async function burst(scenario: Scenario, subject: Subject, operations: SingleOperation[]): Promise<unknown> {
  if (!subject.isAlive()) return 'noproc';
  subject.suspend();
  const results = operations.map((operation) => begin(scenario, subject, operation));
  subject.resume();
  await subject.settle();
  return Promise.all(results);
}

async function resultOf(scenario: Scenario, subject: Subject, operation: SingleOperation): Promise<unknown> {
  const result = begin(scenario, subject, operation);
  await subject.settle();
  return result;
}

async function begin(scenario: Scenario, subject: Subject, operation: SingleOperation): Promise<unknown> {
  if (operation.op === 'exit') {
    const pid = subject.livePid(operation.id);
    if (pid !== undefined) subject.end(pid, reasonFrom(operation.reason));
    return pid === undefined ? 'not_running' : 'ok';
  }
  if (operation.op !== 'terminate_child' || scenario.strategy !== 'simple_one_for_one') {
    return resultWord(scenario, await subject.call(operation));
  }
  const pid = subject.livePid(operation.id);
  if (pid === undefined) return ['error', 'no_pid'];
  return resultWord(scenario, await subject.call({ op: operation.op, id: pid }));
}

/** The spec of a child with this script, whose `start` the subject knows how to run. */
export function specFrom<Start>(script: Script, start: Start): ChildSpec<Start> {
  const { id = '', restart, significant, shutdown } = script;
  return {
    id,
    start,
    ...(restart && { restart }),
    ...(significant !== undefined && { significant }),
    ...(shutdown !== undefined && { shutdown }),
  };
}

/** How a start of a child with this script goes: its `n`th, counted from 1. */
export function fateOf(script: Script, n: number): 'ok' | 'error' | 'ignore' | 'throw' {
  return script.starts?.[n - 1] ?? 'ok';
}

/** What the oracle's children fail to start with. */
export function failureOf(fate: 'error' | 'throw'): string {
  return fate === 'throw' ? "{'EXIT',boom}" : 'start_failed';
}
