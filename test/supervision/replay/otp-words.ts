/** Says in the oracle's words what our supervisor says in its own, so that the two can be compared. */
import type { ExitReason } from '../../../machines/supervision/exit-reason.ts';
import type { CallName, CallResults, Pid } from '../../../machines/supervision/message.ts';

/** The reason the oracle writes as `word`. */
export function reasonFrom(word: string): ExitReason {
  if (word === 'normal' || word === 'shutdown') return { kind: word };
  if (word === 'kill') return { kind: 'killed' };
  if (word.startsWith('shutdown:')) return { kind: 'shutdown', detail: word.slice('shutdown:'.length) };
  return { kind: 'error', error: word };
}

/** As the oracle writes a reason: the parts of a term joined by colons. */
export function reasonWord(reason: ExitReason): string {
  if (reason.kind === 'error') return causeWord(reason.error);
  if (reason.kind !== 'shutdown' || reason.detail === undefined) return reason.kind;
  return `shutdown:${causeWord(reason.detail)}`;
}

/** Why a start failed or a supervisor refused to begin: an exit reason, one of our error terms, or plain text. */
export function causeWord(cause: unknown): string {
  if (cause instanceof Error) return cause.message;
  if (typeof cause !== 'object' || cause === null) return String(cause);
  if (isExitReason(cause)) return reasonWord(cause);
  // The parts of our terms stand in the order of OTP's tuples.
  return Object.values(cause)
    .map((part) => (Array.isArray(part) ? listWord(part) : causeWord(part)))
    .join(':');
}

function isExitReason(value: object): value is ExitReason {
  return 'kind' in value;
}

function listWord(list: readonly unknown[]): string {
  return list.map((part) => (Array.isArray(part) ? part.join(':') : causeWord(part))).join(',');
}

/** The oracle calls dynamic children d1, d2 …; their ids here begin with that of their template. */
export function childWord(id: string): string {
  return id.replace(/^.*-(?=\d+$)/, 'd');
}

/** A call's result as the oracle prints it; `nameOf` gives the oracle's name of a life by its pid. */
export function resultWord(
  result: CallResults<unknown>[CallName],
  isSimple: boolean,
  nameOf: (pid: Pid) => string,
): unknown {
  if (!result.ok) {
    if (result.error === 'noproc') return 'noproc';
    if (result.error === 'already_started') return ['error', result.error, nameOf(result.pid)];
    if (result.error === 'start_failed') return ['error', causeWord(result.reason)];
    if (result.error === 'invalid_child_spec') return ['error', causeWord(result.reason)];
    return ['error', result.error];
  }
  if ('pid' in result) {
    const name = result.pid === null ? null : nameOf(result.pid);
    return result.info === undefined ? ['ok', name] : ['ok', name, result.info];
  }
  if ('spec' in result) {
    const { restart, significant, shutdown, type } = result.spec;
    return ['ok', { restart, significant, shutdown, type }];
  }
  if ('counts' in result) return result.counts;
  if ('children' in result) {
    return result.children.map(({ id, pid, type }) => {
      const isNameless = isSimple && pid === 'restarting';
      const life = pid === 'undefined' || pid === 'restarting' ? pid : nameOf(pid);
      return [isNameless ? null : childWord(id), life, type];
    });
  }
  return 'ok';
}
