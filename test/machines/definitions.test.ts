/** What holds for every machine: the Stately editor can show it, and its config is data that names its parts. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { StateMachine } from 'xstate';

const folder = join(import.meta.dirname, '..', '..', 'machines');
const files = (await readdir(folder)).filter((file) => file.endsWith('.machine.ts'));
const machines = await Promise.all(files.map(async (file) => ({ file, machine: await machineIn(file) })));

/** `task.machine.ts` exports `taskMachine`. */
async function machineIn(file: string) {
  const name = `${file.replace('.machine.ts', '')}Machine`;
  const exported: Record<string, unknown> = await import(join(folder, file));
  const machine = exported[name];
  if (machine instanceof StateMachine) return machine;
  throw new Error(`${file} does not export ${name}`);
}

/** Keys under which a function belongs: it makes data, and does nothing. */
const factories = new Set(['context', 'input', 'output', 'params']);

/** The paths of all functions in a config that stand where a name has to stand. */
function unnamed(value: unknown, path: readonly string[] = []): string[] {
  if (typeof value === 'function') return factories.has(path.at(-1) ?? '') ? [] : [path.join('.')];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => unnamed(inner, [...path, key]));
}

/** All names that a config gives under these keys. */
function named(value: unknown, keys: readonly string[], isUnder = false): string[] {
  if (typeof value === 'string') return isUnder ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((inner) => named(inner, keys, isUnder));
  if (typeof value !== 'object' || value === null) return [];
  if (isUnder && 'type' in value) return named(value.type, keys, true);
  return Object.entries(value).flatMap(([key, inner]) => named(inner, keys, keys.includes(key)));
}

test('there are machines', () => {
  expect(files).toEqual(
    expect.arrayContaining(['agent.machine.ts', 'supervisor.machine.ts', 'task.machine.ts']),
  );
});

test.each(machines)('$file: the id is the file name', ({ file, machine }) => {
  expect(machine.id).toBe(file.replace('.machine.ts', ''));
  expect(machine.config.id, 'given, not made up').toBe(machine.id);
});

test.each(machines)('$file: the definition is JSON', ({ machine }) => {
  expect(JSON.parse(JSON.stringify(machine.definition))).toMatchObject({ id: machine.id });
});

test.each(machines)('$file: actions, guards, delays and actors are named', ({ machine }) => {
  expect(unnamed(machine.config)).toEqual([]);
});

test.each(machines)('$file: every name in it is implemented', ({ machine }) => {
  const { actions, guards, actors, delays } = machine.implementations;
  const missing = (keys: string[], known: object) =>
    named(machine.config, keys).filter((name) => !Object.hasOwn(known, name));
  expect(missing(['entry', 'exit', 'actions'], actions)).toEqual([]);
  expect(missing(['guard'], guards)).toEqual([]);
  expect(missing(['src'], actors)).toEqual([]);
  const afters = JSON.stringify(machine.config).matchAll(/"after":\{"([^"]+)"/gu);
  expect(
    [...afters].map(([, delay]) => delay ?? '').filter((delay) => !Object.hasOwn(delays, delay)),
  ).toEqual([]);
});

test.each(machines)('$file: two lives share no context', ({ machine }) => {
  expect(['function', 'undefined']).toContain(typeof machine.config.context);
});

test('the check sees an unnamed action and a missing name', () => {
  expect(unnamed({ states: { a: { entry: () => undefined } }, context: () => ({}) })).toEqual([
    'states.a.entry',
  ]);
  expect(named({ on: { x: { actions: ['a', { type: 'b' }] } }, entry: 'c' }, ['actions', 'entry'])).toEqual([
    'a',
    'b',
    'c',
  ]);
});
