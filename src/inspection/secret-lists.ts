/** Secrets in lists, which are known by the entry before them: arguments of a command, and headers. */
import { isSecretName, isSecretNameInProse } from './secret-names.ts';

/** `name` is that of the whole list; an entry of a pair stands under the other, whatever that is. */
export function nameInList(before: unknown, entry: unknown, name: string, isPair: boolean): string {
  if (typeof before !== 'string') return name;
  if (logins.has(before)) return typeof entry === 'string' && entry.includes(':') ? 'credentials' : name;
  if (!isName.test(before)) return name;
  const isTelling = isPair || before.startsWith('-') ? isSecretName : isSecretNameInProse;
  return isTelling(before) ? before : name;
}

/** `-u user:password`, as curl has it. */
const logins = new Set(['-u', '-U', '--user', '--proxy-user']);

const isName = /^[\w.-]{1,100}$/;
