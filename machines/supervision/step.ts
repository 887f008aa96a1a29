/**
 * The supervisor as a pure function: a message and the time go in, the next state and the commands to carry out
 * come out. No timers, no actors, no I/O; the shell around it is `supervisor.machine.ts`.
 *
 * An Erlang process reads its mailbox one message at a time, and while it waits inside a start function or for a
 * child to end it reads nothing else: everything that arrives in the meantime keeps its place in the queue. Much of
 * what OTP's supervisor does follows from that alone. Here the same is modelled in two parts:
 *
 * - The **mailbox** holds *letters*: exits nobody asked for, calls, requests to shut down, second tries. They are
 *   read in the order of their arrival, and only while no job is under way.
 * - A **job** is what reading a letter may begin: a list of steps (start this child, stop these) of which each is
 *   ordered by a command and completed by the shell's answer, `child.started` or `child.exited`. Those answers do
 *   not queue; they are what the supervisor is blocked on. There is at most one job, so a restart, a call and a
 *   shutdown can never overlap, and a supervisor told to shut down in the middle of a slow start ends after it.
 *
 * Two consequences are worth knowing. A child that dies while a job is under way is dead at once for whoever asks
 * for its end, though its exit is still unread: `exits` remembers it until the letter is read, or until the child
 * is stopped, which takes the letter out unread (OTP's `unlink_flush`). Hence two crashes under `one_for_all` cost
 * one restart. And a failed restart is not tried again in place but by a letter to oneself, behind those already
 * waiting: so calls get their answer in the midst of a restart loop, and `terminate_child` can end it. Backoff is
 * the same letter, sent by a timer.
 */
import { answerCall } from './administration.ts';
import type { Command } from './command.ts';
import { advanceJob, settleStart, settleStop } from './job.ts';
import type { Exited, Letter, Message } from './message.ts';
import { childExited, tryAgain } from './restart.ts';
import type { SupervisorState } from './supervisor-state.ts';
import { terminateAll } from './termination.ts';
import { beginJob, openTurn, reply, type Turn } from './turn.ts';

/** What one message comes to. */
export interface Step<Start> {
  readonly state: SupervisorState<Start>;
  readonly commands: readonly Command<Start>[];
}

/** Takes one message and does all that can be done before the next. `now` is monotonic milliseconds. */
export function step<Start>(
  state: SupervisorState<Start>,
  message: Message<Start>,
  now: number,
): Step<Start> {
  const turn = openTurn(state, now);
  receive(turn, message);
  runToRest(turn);
  return { state: turn.state, commands: turn.commands };
}

function receive<Start>(turn: Turn<Start>, message: Message<Start>): void {
  const { state } = turn;
  switch (message.type) {
    case 'init':
      initialize(turn);
      break;
    case 'child.started':
      settleStart(turn, message.pid, message.result);
      break;
    case 'child.exited':
      receiveExit(turn, message);
      break;
    case 'suspend':
      state.suspended = true;
      break;
    case 'resume':
      state.suspended = false;
      break;
    default:
      state.mailbox.push(message);
  }
}

/** Starts the children of the initial specs; a `simple_one_for_one` supervisor has none to start. */
function initialize<Start>(turn: Turn<Start>): void {
  const { phase, job, children } = turn.state;
  if (phase !== 'initializing' || job) return;
  beginJob(
    turn,
    { type: 'init' },
    children.map((child) => ({ type: 'start', id: child.id })),
  );
}

/** An exit is the answer the job waits for, or news for later. A child that dies while it starts has not started. */
function receiveExit<Start>(turn: Turn<Start>, letter: Exited): void {
  const { pid, reason } = letter;
  const isAwaited = settleStart(turn, pid, { type: 'error', reason }) || settleStop(turn, pid, reason);
  if (isAwaited) return;
  turn.state.exits[pid] = reason;
  turn.state.mailbox.push(letter);
}

/** Goes on with the job while nothing has to be waited for, and without one reads letters until there are none. */
function runToRest<Start>(turn: Turn<Start>): void {
  const { state } = turn;
  while (state.phase !== 'terminated') {
    if (state.job) {
      if (state.job.waiting) return;
      advanceJob(turn, state.job);
    } else {
      const letter = state.suspended ? undefined : state.mailbox.shift();
      if (!letter) return;
      read(turn, letter);
    }
  }
  dismissMailbox(turn);
}

function read<Start>(turn: Turn<Start>, letter: Letter<Start>): void {
  switch (letter.type) {
    case 'child.exited':
      childExited(turn, letter);
      break;
    case 'restart.try_again':
      tryAgain(turn, letter);
      break;
    case 'call':
      answerCall(turn, letter);
      break;
    case 'shutdown':
      terminateAll(turn, letter.reason);
      break;
  }
}

/** The supervisor has ended: whoever still waits for an answer learns that. */
function dismissMailbox<Start>(turn: Turn<Start>): void {
  const { state } = turn;
  for (const letter of state.mailbox) {
    if (letter.type !== 'call') continue;
    const { correlation, request } = letter;
    reply(turn, { call: request.call, correlation, result: { ok: false, error: 'noproc' } });
  }
  state.mailbox = [];
}
