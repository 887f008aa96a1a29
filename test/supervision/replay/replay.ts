/** Puts a supervisor of ours through a scenario, step by step as the oracle does with OTP's. */
import type { ExitReason } from '../../../machines/supervision/exit-reason.ts';
import type { CallName, CallResults } from '../../../machines/supervision/message.ts';
import type { Strategy } from '../../../machines/supervision/supervisor-flags.ts';
import { type Chronicle, type Life, nameBelow } from './chronicle.ts';
import { reasonFrom, reasonWord, resultWord } from './otp-words.ts';
import type { Letter, Operation, Outcome, Scenario } from './scenario.ts';

/** A call, with children described by their scripts, and under `simple_one_for_one` named by pid. */
export type ScriptedCall = Exclude<Letter, { op: 'exit' }>;

/** The result of a call; it settles at the latest when the supervisor does. */
export type PendingResult = Promise<CallResults<unknown>[CallName]>;

/** A supervision tree of ours under test, whatever it is made of. */
export interface Subject {
  readonly chronicle: Chronicle;
  /** Why the root supervisor could not start; null if it could. */
  readonly startFailure: () => ExitReason | null;
  /** Why the root supervisor ended. */
  readonly exit: () => ExitReason;
  /** The strategy of the supervisor that lives this life; null if it is a worker's. */
  readonly strategyOf: (life: Life) => Strategy | null;
  /** The worker ends by itself. */
  readonly end: (worker: Life, reason: ExitReason) => void;
  /** The child is ended by force, and its supervisor has not asked for that. */
  readonly kill: (child: Life) => void;
  readonly call: (supervisor: Life, call: ScriptedCall) => PendingResult;
  readonly suspend: (supervisor: Life) => void;
  readonly resume: (supervisor: Life) => void;
  /** The root supervisor is asked to end. */
  readonly shutDown: () => void;
  /** Lets so many seconds pass for restart intensity. */
  readonly advance: (seconds: number) => void;
  /** Waits until no supervisor has anything left to do. */
  readonly settle: () => Promise<void>;
}

/** Runs the scenario and tells what came of it, in the oracle's words. */
export async function replay(scenario: Scenario, subject: Subject): Promise<Outcome> {
  await subject.settle();
  const failure = subject.startFailure();
  const results: unknown[] = [];
  for (const operation of scenario.ops) {
    subject.chronicle.operation(operation.op);
    results.push(await perform(subject, operation));
  }
  return {
    init: failure ? ['error', reasonWord(failure)] : 'ok',
    results,
    trace: subject.chronicle.trace.map((entry) => [...entry]),
    final: await describe(subject, subject.chronicle.living('')),
  };
}

async function perform(subject: Subject, operation: Operation): Promise<unknown> {
  switch (operation.op) {
    case 'advance':
      subject.advance(operation.seconds);
      return 'ok';
    case 'stop':
      if (!supervisorAt(subject, '')) return 'noproc';
      subject.shutDown();
      await subject.settle();
      return reasonWord(subject.exit());
    case 'burst':
      return burst(subject, supervisorAt(subject, operation.at), operation.ops);
    default:
      return resultOf(subject, supervisorAt(subject, operation.at), operation);
  }
}

function supervisorAt(subject: Subject, path = ''): Life | undefined {
  const life = subject.chronicle.living(path);
  return life && subject.strategyOf(life) ? life : undefined;
}

/** All letters are in the supervisor's mailbox before it acts on the first. */
async function burst(subject: Subject, supervisor: Life | undefined, letters: Letter[]): Promise<unknown> {
  if (!supervisor) return 'noproc';
  subject.suspend(supervisor);
  const results = letters.map((letter) => post(subject, supervisor, letter));
  subject.resume(supervisor);
  await subject.settle();
  return Promise.all(results);
}

async function resultOf(subject: Subject, supervisor: Life | undefined, letter: Letter): Promise<unknown> {
  if (!supervisor) return letter.op === 'exit' ? 'not_running' : 'noproc';
  const result = post(subject, supervisor, letter);
  await subject.settle();
  return result;
}

async function post(subject: Subject, supervisor: Life, letter: Letter): Promise<unknown> {
  if (letter.op === 'exit') return endChild(subject, supervisor.children.get(letter.id), letter.reason);
  const isSimple = subject.strategyOf(supervisor) === 'simple_one_for_one';
  const isByPid = letter.op === 'terminate_child' || letter.op === 'get_childspec';
  let call = letter;
  if (isSimple && isByPid) {
    const child = supervisor.children.get(letter.id);
    if (!child) return 'no_pid';
    call = { op: letter.op, id: child.pid };
  }
  const result = await subject.call(supervisor, call);
  return resultWord(result, isSimple, (pid) => nameBelow(supervisor, pid));
}

function endChild(subject: Subject, child: Life | undefined, reason: string): string {
  if (!child?.isAlive) return 'not_running';
  if (reason === 'kill' || subject.strategyOf(child)) subject.kill(child);
  else subject.end(child, reasonFrom(reason));
  return 'ok';
}

/** The rows of every supervisor that is left at and below `supervisor`, by path. */
async function describe(subject: Subject, supervisor: Life | undefined): Promise<Outcome['final']> {
  if (!supervisor || !subject.strategyOf(supervisor)) return {};
  const below = await Promise.all(
    [...supervisor.children.values()]
      .filter((child) => child.isAlive)
      .map((child) => describe(subject, child)),
  );
  const rows = await resultOf(subject, supervisor, { op: 'which_children' });
  return Object.assign({ [supervisor.path]: rows }, ...below);
}
