/** The calls of OTP's `supervisor` API, as a supervisor with nothing else in hand answers them. */
import { type ChildSpec, checkChildSpec } from './child-spec.ts';
import type { CallName, CallResults, ChildRow, DynamicChild, Letter, Pid } from './message.ts';
import { type ChildRecord, newChild } from './supervisor-state.ts';
import { stopsInReverse } from './termination.ts';
import {
  beginJob,
  childById,
  latestPid,
  releaseChild,
  removeChild,
  reply,
  runningPid,
  type Turn,
} from './turn.ts';

type Call<Start> = Extract<Letter<Start>, { type: 'call' }>;

/** What a call comes to: its result, or null if a job was begun that will answer it. */
type Answer<Start, Name extends CallName> = CallResults<Start>[Name] | null;

/** Reads a call: it is answered at once, or by the job it begins. */
export function answerCall<Start>(turn: Turn<Start>, { correlation, request }: Call<Start>): void {
  const { call } = request;
  switch (call) {
    case 'start_child': {
      const result = startChild(turn, correlation, request.child);
      if (result) reply(turn, { call, correlation, result });
      break;
    }
    case 'restart_child': {
      const result = restartChild(turn, correlation, request.child);
      if (result) reply(turn, { call, correlation, result });
      break;
    }
    case 'terminate_child': {
      const result = terminateChild(turn, correlation, request.child);
      if (result) reply(turn, { call, correlation, result });
      break;
    }
    case 'delete_child':
      reply(turn, { call, correlation, result: deleteChild(turn, request.child) });
      break;
    case 'which_children':
      reply(turn, { call, correlation, result: whichChildren(turn) });
      break;
    case 'count_children':
      reply(turn, { call, correlation, result: countChildren(turn) });
      break;
    case 'get_childspec':
      reply(turn, { call, correlation, result: getChildSpec(turn, request.child) });
      break;
  }
}

function startChild<Start>(
  turn: Turn<Start>,
  correlation: string,
  written: ChildSpec<Start> | DynamicChild,
): Answer<Start, 'start_child'> {
  const { children, flags } = turn.state;
  const newborn = isDynamicChild(written) ? dynamicChild(turn, written) : staticChild(turn, written);
  if (!newborn.ok) return newborn;
  if (flags.maxChildren !== null && children.length >= flags.maxChildren) {
    return { ok: false, error: 'max_children' };
  }
  const { child } = newborn;
  if (turn.state.template) turn.state.dynamicChildren += 1;
  beginJob(turn, { type: 'start_child', correlation, child }, [{ type: 'start', id: child.id }]);
  return null;
}

/** Whether these are arguments; anything else, whatever it is, is taken for a spec and checked as one. */
function isDynamicChild(written: unknown): written is DynamicChild {
  return typeof written === 'object' && written !== null && 'args' in written;
}

/** A child that may be started, or why it may not. */
type Newborn<Start> =
  | { readonly ok: true; readonly child: ChildRecord<Start> }
  | Extract<CallResults<Start>['start_child'], { ok: false }>;

function staticChild<Start>(turn: Turn<Start>, written: ChildSpec<Start>): Newborn<Start> {
  const { template, flags } = turn.state;
  if (template) return misfit(written);
  const checked = checkChildSpec(written, flags.autoShutdown);
  if (!checked.ok) return { ok: false, error: 'invalid_child_spec', reason: checked.error };
  const present = childById(turn, written.id);
  if (!present) return { ok: true, child: newChild(written.id, checked.spec, undefined) };
  const pid = runningPid(present);
  return pid ? { ok: false, error: 'already_started', pid } : { ok: false, error: 'already_present' };
}

function dynamicChild<Start>(turn: Turn<Start>, written: DynamicChild): Newborn<Start> {
  const { template, dynamicChildren } = turn.state;
  if (!template) return misfit(written);
  const id = `${template.id}-${dynamicChildren + 1}`;
  return { ok: true, child: newChild(id, { ...template, id }, written.args) };
}

/** A spec for a supervisor that wants arguments, or the other way round. */
function misfit(value: unknown): Newborn<never> {
  return { ok: false, error: 'invalid_child_spec', reason: { term: 'invalid_child_spec', value } };
}

function restartChild<Start>(
  turn: Turn<Start>,
  correlation: string,
  id: string,
): Answer<Start, 'restart_child'> {
  const obstacle = notAtRest(turn, id);
  if (obstacle) return { ok: false, error: obstacle };
  beginJob(turn, { type: 'restart_child', correlation }, [{ type: 'start', id }]);
  return null;
}

function deleteChild<Start>(turn: Turn<Start>, id: string): CallResults<Start>['delete_child'] {
  const obstacle = notAtRest(turn, id);
  if (obstacle) return { ok: false, error: obstacle };
  removeChild(turn, id);
  return { ok: true };
}

/** Why a child can be neither restarted nor deleted: only one whose spec lies idle can. */
function notAtRest(
  turn: Turn<unknown>,
  id: string,
): 'simple_one_for_one' | 'not_found' | 'running' | 'restarting' | null {
  if (turn.state.template) return 'simple_one_for_one';
  const child = childById(turn, id);
  if (!child) return 'not_found';
  return child.status.state === 'undefined' ? null : child.status.state;
}

/** Also the way to call off a restart that is being waited for. */
function terminateChild<Start>(
  turn: Turn<Start>,
  correlation: string,
  name: string,
): Answer<Start, 'terminate_child'> {
  const child = findChild(turn, name);
  if (!child) return absence(turn, name);
  const stops = stopsInReverse([child]);
  if (stops.length > 0) {
    beginJob(turn, { type: 'terminate_child', correlation }, stops);
    return null;
  }
  releaseChild(turn, child);
  return { ok: true };
}

/** A static child by id; a dynamic one by its pid, or while it is restarting by the pid of its last life. */
function findChild<Start>(turn: Turn<Start>, name: string): ChildRecord<Start> | undefined {
  if (!turn.state.template) return childById(turn, name);
  return turn.state.children.find((child) => latestPid(child) === name);
}

/** What `terminate_child` says of a child it does not have: a dynamic child that has ended is terminated enough. */
function absence(turn: Turn<unknown>, name: string): CallResults<unknown>['terminate_child'] {
  const { template, dynamicChildren } = turn.state;
  if (!template) return { ok: false, error: 'not_found' };
  const lifeMark = name.lastIndexOf('#');
  if (lifeMark === -1) return { ok: false, error: 'simple_one_for_one' };
  const number = Number(name.slice(template.id.length + 1, lifeMark));
  const wasOurs = name.startsWith(`${template.id}-`) && number >= 1 && number <= dynamicChildren;
  return wasOurs ? { ok: true } : { ok: false, error: 'not_found' };
}

function whichChildren(turn: Turn<unknown>): CallResults<unknown>['which_children'] {
  return { ok: true, children: turn.state.children.map(rowOf).reverse() };
}

function rowOf({ id, status, spec }: ChildRecord<unknown>): ChildRow {
  return { id, pid: status.state === 'running' ? status.pid : status.state, type: spec.type };
}

/** As in OTP, `active` looks at whether static children live, and for dynamic ones only at what has been read. */
function countChildren(turn: Turn<unknown>): CallResults<unknown>['count_children'] {
  const { children, template, exits } = turn.state;
  const isActive = (pid: Pid | null): boolean => pid !== null && (template !== null || !(pid in exits));
  const workers = children.filter((child) => child.spec.type === 'worker').length;
  const counts = {
    specs: template ? 1 : children.length,
    active: children.filter((child) => isActive(runningPid(child))).length,
    supervisors: children.length - workers,
    workers,
  };
  return { ok: true, counts };
}

/** A dynamic child that has ended still has its template's spec, as in OTP. */
function getChildSpec<Start>(turn: Turn<Start>, name: string): CallResults<Start>['get_childspec'] {
  const { template } = turn.state;
  const spec = findChild(turn, name)?.spec ?? (template && absence(turn, name).ok ? template : null);
  return spec ? { ok: true, spec } : { ok: false, error: 'not_found' };
}
