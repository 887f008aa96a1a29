/** A machine's definition as the Stately Inspector draws it: the config as it was authored, without what it computes. */
import { type AnyActorLogic, StateMachine } from 'xstate';

/** By config, which all copies of a machine share, with whatever implementations they were provided. */
const definitions = new WeakMap<object, string>();

/** JSON. States stay in the order of the machine's file; an actor that is no machine has nothing but its name. */
export function definitionOf(logic: AnyActorLogic, name: string): string {
  if (!(logic instanceof StateMachine)) return JSON.stringify({ id: name });
  const config: object = logic.config;
  const known = definitions.get(config);
  if (known !== undefined) return known;
  const definition = JSON.stringify(stateOf(config));
  definitions.set(config, definition);
  return definition;
}

/** Functions that make data: what they close over is nobody's business, and a literal context may hold anything. */
const computed = new Set(['context', 'input', 'output']);

function stateOf(config: object): object {
  return mapEntries(config, (key, value) => {
    if (computed.has(key)) return undefined;
    if (key === 'states' && isObject(value)) {
      return mapEntries(value, (_name, state) => (isObject(state) ? stateOf(state) : undefined));
    }
    if (key === 'invoke') return Array.isArray(value) ? value.map(invokeOf) : invokeOf(value);
    return plain(value);
  });
}

function invokeOf(invoke: unknown): unknown {
  if (!isObject(invoke)) return plain(invoke);
  return mapEntries(invoke, (key, value) => (computed.has(key) ? undefined : plain(value)));
}

function plain(value: unknown): unknown {
  if (typeof value === 'function') return { type: value.name || 'inline' };
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return typeof value === 'bigint' ? String(value) : value;
  // Logic in place of a name: the actor it makes is shown on its own.
  if ('getInitialSnapshot' in value) return 'id' in value ? String(value.id) : 'inline';
  return mapEntries(value, (_key, entry) => plain(entry));
}

function mapEntries(value: object, map: (key: string, value: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, map(key, entry)]));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
