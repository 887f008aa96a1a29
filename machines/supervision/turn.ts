/** The scratch pad of one step: a copy of the state to work on and the commands it leads to. */
import type { Command, Report } from './command.ts';
import type { Pid, Reply } from './message.ts';
import type {
  ChildRecord,
  ChildStatus,
  Job,
  JobPurpose,
  JobStep,
  SupervisorState,
} from './supervisor-state.ts';

/** One call of `step`. Functions that take a turn change its state and add commands; nothing else is touched. */
export interface Turn<Start> {
  readonly state: SupervisorState<Start>;
  readonly commands: Command<Start>[];
  /** Monotonic milliseconds. */
  readonly now: number;
}

/** A turn on a copy of `state`, so that the caller's state stays as it was. */
export function openTurn<Start>(state: SupervisorState<Start>, now: number): Turn<Start> {
  const copy = {
    ...state,
    children: state.children.map((child) => ({ ...child })),
    mailbox: [...state.mailbox],
    exits: { ...state.exits },
    job: state.job && copyOf(state.job),
  };
  return { state: copy, commands: [], now };
}

function copyOf<Start>({ purpose, steps, waiting }: Job<Start>): Job<Start> {
  const copy = purpose.type === 'start_child' ? { ...purpose, child: { ...purpose.child } } : purpose;
  return { purpose: copy, steps: [...steps], waiting };
}

/** Whole monotonic seconds, the unit of restart intensity. */
export function seconds(turn: Turn<unknown>): number {
  return Math.floor(turn.now / 1000);
}

/** The child with this id. */
export function childById<Start>(turn: Turn<Start>, id: string): ChildRecord<Start> | undefined {
  return turn.state.children.find((child) => child.id === id);
}

/** The child whose present life is `pid`; none if that life is over or was never ours. */
export function childByPid<Start>(turn: Turn<Start>, pid: Pid): ChildRecord<Start> | undefined {
  return turn.state.children.find((child) => runningPid(child) === pid);
}

/** The child's present life, as far as the supervisor has read: null while it is restarting or undefined. */
export function runningPid(child: ChildRecord<unknown>): Pid | null {
  return child.status.state === 'running' ? child.status.pid : null;
}

/** The present life, or while the child is restarting the one before: what dynamic children are known by. */
export function latestPid(child: ChildRecord<unknown>): Pid | null {
  return child.status.state === 'restarting' ? child.status.previous : runningPid(child);
}

/** Names the child's next life. */
export function nextPid<Start>(turn: Turn<Start>, child: ChildRecord<Start>): Pid {
  const { state } = turn;
  const former = Object.hasOwn(state.lives, child.id) ? state.lives[child.id] : undefined;
  child.lives = (former ?? child.lives) + 1;
  if (!state.template) state.lives = { ...state.lives, [child.id]: child.lives };
  return `${child.id}#${child.lives}`;
}

/** Moves a child to another status; a restart it was waiting for is called off. */
export function setStatus<Start>(turn: Turn<Start>, child: ChildRecord<Start>, status: ChildStatus): void {
  const token = child.status.state === 'restarting' ? (child.status.retry?.token ?? null) : null;
  if (token !== null) turn.commands.push({ type: 'restart.cancel', token });
  child.status = status;
}

/** Whether the spec goes when the child does: temporary children and all of `simple_one_for_one`. */
export function isForgettable<Start>(turn: Turn<Start>, child: ChildRecord<Start>): boolean {
  return turn.state.template !== null || child.spec.restart === 'temporary';
}

/** The child is gone and will not be restarted: its spec stays with status `undefined`, or goes as well. */
export function releaseChild<Start>(turn: Turn<Start>, child: ChildRecord<Start>): void {
  setStatus(turn, child, { state: 'undefined' });
  if (isForgettable(turn, child)) removeChild(turn, child.id);
}

/** Forgets a child and its spec. */
export function removeChild<Start>(turn: Turn<Start>, id: string): void {
  turn.state.children = turn.state.children.filter((child) => child.id !== id);
}

/** Makes `steps` the supervisor's job, in place of the one it may have. */
export function beginJob<Start>(turn: Turn<Start>, purpose: JobPurpose<Start>, steps: JobStep[]): void {
  const job: Job<Start> = { purpose, steps, waiting: null };
  turn.state.job = job;
}

/** Answers a call. */
export function reply<Start>(turn: Turn<Start>, answer: Reply<Start>): void {
  turn.commands.push({ type: 'reply', reply: answer });
}

/** Tells whoever listens what happened. */
export function report<Start>(turn: Turn<Start>, event: Report): void {
  turn.commands.push({ type: 'report', report: event });
}
