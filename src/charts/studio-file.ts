/** A machine as a file that Stately Studio imports: its definition in one literal, names in place of implementations. */
import type { AnyStateMachine } from 'xstate';
import { definitionOf } from '../inspection/definition.ts';

/** TypeScript and JavaScript alike; needs xstate and nothing of ours. Run as it is, every action and actor is missing. */
export function studioFile(machine: AnyStateMachine): string {
  const definition: unknown = JSON.parse(definitionOf(machine, machine.id));
  return `/** The statechart "${machine.id}" of Miyabi Orchestra, for Stately Studio: its names without what they do. */
import { createMachine } from 'xstate';

export const ${machine.id}Machine = createMachine(${literal(definition, '')});
`;
}

/** A JSON value as our code is written: two spaces, single quotes, keys in quotes only where they have to be. */
function literal(value: unknown, indent: string): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const deeper = `${indent}  `;
  const entries = Array.isArray(value)
    ? value.map((entry) => literal(entry, deeper))
    : Object.entries(value).map(([key, entry]) => `${keyOf(key)}: ${literal(entry, deeper)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  if (entries.length === 0) return open + close;
  return `${open}\n${entries.map((entry) => `${deeper}${entry},\n`).join('')}${indent}${close}`;
}

function keyOf(key: string): string {
  return /^[A-Za-z_$][\w$]*$/u.test(key) && key !== '__proto__' ? key : quoted(key);
}

function quoted(text: string): string {
  const inDouble = JSON.stringify(text);
  return text.includes("'") ? inDouble : `'${inDouble.slice(1, -1).replaceAll('\\"', '"')}'`;
}
