/** Says in the oracle's words what our supervisor says in its own, so that the two can be compared. */
import type { ChildSpecError } from '../../machines/supervision/child-spec.ts';
import type { ExitReason } from '../../machines/supervision/exit-reason.ts';
import type { CallName, CallResults } from '../../machines/supervision/message.ts';
import type { Scenario } from './corpus.ts';

/** The reason the oracle writes as `word`. */
export function reasonFrom(word: string): ExitReason {
  if (word === 'normal' || word === 'shutdown') return { kind: word };
  if (word === 'kill') return { kind: 'killed' };
  if (word.startsWith('shutdown:')) return { kind: 'shutdown', detail: word.slice('shutdown:'.length) };
  return { kind: 'error', error: word };
}

export function reasonWord(reason: ExitReason): string {
  if (reason.kind === 'error') return String(reason.error);
  if (reason.kind !== 'shutdown' || reason.detail === undefined) return reason.kind;
  return typeof reason.detail === 'string' ? `shutdown:${reason.detail}` : '{shutdown,...}';
}

/** The oracle names dynamic children d1, d2 …; ours carry their template's id. */
export function pidWord({ strategy }: Scenario, pid: string): string {
  return strategy === 'simple_one_for_one' ? pid.replace(/^.*-(?=\d+#\d+$)/, 'd') : pid;
}

export function splitPid(pid: string): [id: string, life: number] {
  const mark = pid.lastIndexOf('#');
  return [pid.slice(0, mark), Number(pid.slice(mark + 1))];
}

/** A call's result as the oracle prints it. */
export function resultWord(scenario: Scenario, result: CallResults<unknown>[CallName]): unknown {
  const isSimple = scenario.strategy === 'simple_one_for_one';
  if (!result.ok) {
    if (result.error === 'already_started') return ['error', result.error, pidWord(scenario, result.pid)];
    if (result.error === 'start_failed') return ['error', String(result.reason)];
    if (result.error === 'invalid_child_spec') return ['error', specErrorWord(result.reason)];
    return result.error === 'noproc' ? 'noproc' : ['error', result.error];
  }
  if ('pid' in result) return ['ok', result.pid && pidWord(scenario, result.pid)];
  if ('counts' in result) return result.counts;
  if ('children' in result) {
    return result.children.map(({ id, pid, type }) => [
      isSimple && pid === 'restarting' ? null : idWord(scenario, id),
      pidWord(scenario, pid),
      type,
    ]);
  }
  return 'ok';
}

function idWord(scenario: Scenario, id: string): string {
  return splitPid(pidWord(scenario, `${id}#1`))[0];
}

function specErrorWord(error: ChildSpecError): string {
  if (error.term !== 'bad_combination') return error.term;
  return `{bad_combination,[${error.pairs.map(([key, value]) => `{${key},${value}}`).join(',')}]}`;
}
