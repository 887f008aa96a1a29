/** What keeps a machine from being shown as it is: each fault with its place, in words. */
import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { definitionOf } from '../../src/inspection/definition.ts';

/** In bytes; viewers get the definition of every actor. */
const definitionLimit = 64 * 1024;

/** Keys under which a function belongs: it makes data, and does nothing. */
const factories = new Set(['context', 'input', 'output']);
/** Keys under which every key is a name that the machine's author chose. */
const named = new Set(['states', 'on', 'after']);

/** Empty for a machine that Stately's editor and inspector, our drawings and people can read. */
export function findFaults(machine: AnyStateMachine): string[] {
  const nodes = nodesFrom(machine.root);
  return [
    ...(machine.config.id === machine.id ? [] : ['the machine has no id']),
    ...(typeof machine.config.context === 'object' ? ['context: one object for all lives'] : []),
    ...nodes.flatMap(faultsOfState),
    ...repeated(nodes.flatMap(({ invoke }) => invoke.map(({ id }) => id))).map(
      (id) => `invoke ${id}: not unique`,
    ),
    ...faultsOfValue(machine.config, []),
    ...nodes.flatMap((node) => unimplemented(node, machine)),
    ...faultsOfSize(machine),
  ];
}

function nodesFrom(node: AnyStateNode): AnyStateNode[] {
  return [node, ...Object.values(node.states).flatMap(nodesFrom)];
}

function transitionsFrom({ transitions, always = [] }: AnyStateNode): AnyTransitionDefinition[] {
  return [...[...transitions.values()].flat(), ...always];
}

function faultsOfState(node: AnyStateNode): string[] {
  const { id, machine, path, description = '', invoke, transitions, config } = node;
  const several = transitionsFrom(node).filter(({ target = [] }) => target.length > 1);
  return [
    ...(description.trim() === '' ? [`${id}: no description`] : []),
    ...(id === [machine.id, ...path].join('.') ? [] : [`${id}: an id that is not its path`]),
    ...invoke
      .filter(({ id: invokeId }) => /^\d+\./u.test(invokeId))
      .map(({ src }) => `${id}: invoke ${String(src)} has no id`),
    ...several.map(({ eventType }) => `${id}: ${eventType} has several targets`),
    ...(transitions.has('*') ? [`${id}: takes any event`] : []),
    ...Object.keys(config.after ?? {})
      .filter((delay) => !Number.isNaN(Number(delay)))
      .map((delay) => `${id}: the delay ${delay} has no name`),
  ];
}

function repeated(names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) !== index);
}

/** Everything in a config that is not JSON, but for the functions that make data. */
function faultsOfValue(value: unknown, path: readonly string[]): string[] {
  const place = path.join('.');
  if (typeof value === 'function') return [`${place}: a function, not a name`];
  if (Array.isArray(value))
    return value.flatMap((entry, index) => faultsOfValue(entry, [...path, `${index}`]));
  if (typeof value === 'object' && value !== null) {
    if (Object.getPrototypeOf(value) !== Object.prototype)
      return [`${place}: ${value.constructor.name}, not data`];
    const isNames = named.has(path.at(-1) ?? '');
    return Object.entries(value)
      .filter(([key, entry]) => entry !== undefined && (isNames || !factories.has(key)))
      .flatMap(([key, entry]) => faultsOfValue(entry, [...path, key]));
  }
  const isJson = value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);
  return isJson ? [] : [`${place}: ${String(value)}, not data`];
}

/** Names of actions, guards, actors and delays that stand for nothing. */
function unimplemented(node: AnyStateNode, { implementations }: AnyStateMachine): string[] {
  const { entry, exit, after = {} } = node.config;
  const transitions = transitionsFrom(node);
  const used: readonly (readonly [kind: string, names: readonly string[], known: object])[] = [
    [
      'action',
      [entry, exit, transitions.map(({ actions }) => actions)].flat(3).flatMap(nameOf),
      implementations.actions,
    ],
    ['guard', transitions.flatMap(({ guard }) => nameOf(guard)), implementations.guards],
    ['actor', node.invoke.flatMap(({ src }) => nameOf(src)), implementations.actors],
    ['delay', Object.keys(after).filter((delay) => Number.isNaN(Number(delay))), implementations.delays],
  ];
  return used.flatMap(([kind, names, known]) =>
    names.filter((name) => !Object.hasOwn(known, name)).map((name) => `${node.id}: no ${kind} ${name}`),
  );
}

function nameOf(part: unknown): string[] {
  if (typeof part === 'string') return [part];
  return typeof part === 'object' && part !== null && 'type' in part ? [String(part.type)] : [];
}

function faultsOfSize(machine: AnyStateMachine): string[] {
  const bytes = Buffer.byteLength(definitionOf(machine, machine.id));
  return bytes < definitionLimit
    ? []
    : [`the definition has ${bytes} bytes, not less than ${definitionLimit}`];
}
