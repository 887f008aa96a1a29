/** Copies of contexts, events and errors that may leave the daemon: JSON, without secrets, of bounded size. */
import { Actor, StateMachine } from 'xstate';
import { redacted } from './redacted.ts';
import { briefText } from './redaction.ts';
import { nameInList } from './secret-lists.ts';
import { isSecret } from './secret-names.ts';
import type { SafeData } from './wire-event.ts';

/** Levels of objects and lists. */
const maxDepth = 8;
/** Characters of a text: enough to tell which one it is. */
const maxText = 1_000;
/** Entries of one object or list. */
const maxEntries = 100;
/** Values in one copy altogether, and characters in its texts. */
const maxValues = 2_000;
const maxCharacters = 32_000;

/** A copy of anything. `name` is the key it stands under. Getters are not called on purpose, proxies are not expected. */
export function safeCopy(value: unknown, name = ''): SafeData {
  return new Copier().copy(value, name, []);
}

class Copier {
  #values = maxValues;
  #characters = maxCharacters;

  copy(value: unknown, name: string, above: readonly object[]): SafeData {
    this.#values -= 1;
    if (isSecret(name, value)) return redacted;
    switch (typeof value) {
      case 'string':
        return this.#text(value);
      case 'number':
        return Number.isFinite(value) ? value : String(value);
      case 'boolean':
        return value;
      case 'bigint':
        return `${value}n`;
      case 'object':
        return value === null ? null : this.#object(value, name, above);
      case 'function':
        return `[function ${value.name}]`;
      default:
        return null;
    }
  }

  #text(text: string): string {
    const shown = briefText(text, Math.max(0, Math.min(maxText, this.#characters)));
    this.#characters -= shown.length;
    return shown;
  }

  #object(value: object, name: string, above: readonly object[]): SafeData {
    if (value instanceof Actor) return { actor: value.id, sessionId: value.sessionId };
    if (value instanceof StateMachine) return `[machine ${value.id}]`;
    if ('getInitialSnapshot' in value) return '[actor logic]';
    if (above.includes(value)) return '[circular]';
    if (above.length >= maxDepth || this.#values <= 0) return Array.isArray(value) ? '[list]' : '[object]';
    const path = [...above, value];
    if (value instanceof Error) return this.#error(value, path);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
    if (value instanceof Map) return this.#entries([...limited(value)].map(textKey), value.size, path);
    if (value instanceof Set) return this.#list([...limited(value)], value.size, name, path);
    if (Array.isArray(value)) return this.#list(value.slice(0, maxEntries), value.length, name, path);
    const keys = Object.keys(value);
    return this.#entries(keys.slice(0, maxEntries).map(entryOf(value)), keys.length, path);
  }

  #error({ name, message, cause, ...own }: Error & { code?: unknown }, path: readonly object[]): SafeData {
    const code = own.code === undefined ? {} : { code: this.copy(own.code, 'code', path) };
    const why = cause === undefined ? {} : { cause: this.copy(cause, 'cause', path) };
    return { name: this.#text(String(name)), message: this.#text(String(message)), ...code, ...why };
  }

  #list(items: readonly unknown[], length: number, name: string, path: readonly object[]): SafeData {
    const isPair = length === 2 && Array.isArray(path.at(-2));
    const list = items.map((item, index) =>
      this.copy(item, nameInList(items[index - 1], item, name, isPair), path),
    );
    if (length > items.length) list.push(`… ${length - items.length} more`);
    return list;
  }

  #entries(
    entries: readonly (readonly [string, unknown])[],
    length: number,
    path: readonly object[],
  ): SafeData {
    const copies = entries
      .filter(([, value]) => value !== undefined)
      .map(([key, value]): [string, SafeData] => [
        this.#text(key),
        this.copy(value, nameOf(key, entries), path),
      ]);
    if (length > entries.length) copies.push(['…', `${length - entries.length} more`]);
    return Object.fromEntries(copies);
  }
}

/** What an entry stands under: the value of `{name: 'authorization', value: …}` under the name beside it. */
function nameOf(key: string, entries: readonly (readonly [string, unknown])[]): string {
  if (key !== 'value') return key;
  const named = entries.find(([other, text]) => nameKeys.has(other) && typeof text === 'string');
  return named ? String(named[1]) : key;
}

const nameKeys = new Set(['name', 'key', 'header', 'field']);

function* limited<Item>(items: Iterable<Item>): Generator<Item> {
  let count = 0;
  for (const item of items) {
    if (count === maxEntries) return;
    count += 1;
    yield item;
  }
}

function textKey([key, value]: readonly [unknown, unknown]): [string, unknown] {
  return [typeof key === 'object' ? '[object]' : String(key), value];
}

/** A getter is shown as what it is: it might do something. */
function entryOf(value: object): (key: string) => [string, unknown] {
  return (key) => {
    const property = Object.getOwnPropertyDescriptor(value, key);
    return [key, property?.get ? '[getter]' : property?.value];
  };
}
