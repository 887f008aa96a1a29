/** Reading the panes of the server as they are at this moment. */
import { randomBytes } from 'node:crypto';
import { decodeOptionValue } from './option-value.ts';
import { isPaneId, type PaneId, type UserOption } from './pane-id.ts';
import type { Command } from './quoting.ts';

/** Runs one tmux command and gives its output. */
export type RunCommand = (...argv: Command) => Promise<string[]>;

export interface Pane {
  readonly pane: PaneId;
  /** The window's id, such as `@3`. */
  readonly window: string;
  readonly windowName: string;
  /** The title that the program gave its terminal; some agents tell their state in it. */
  readonly title: string;
  /** The pane's first process: our host, or what a person started. */
  readonly pid: number;
  /** Its process has ended; the pane stays until it is used again or removed. */
  readonly dead: boolean;
  readonly deadStatus?: number;
  readonly deadSignal?: number;
  /** The user options asked for; one that is not set is missing. */
  readonly options: Readonly<Record<UserOption, string>>;
}

/**
 * All panes of all sessions, with those of their user options that are named. Names and titles may hold any text: fields
 * are parted by a random word that none can contain.
 */
export async function listPanes(command: RunCommand, options: readonly UserOption[]): Promise<Pane[]> {
  const word = randomBytes(12).toString('hex');
  const format = [
    ...fields.map((field) => `#{${field}}`),
    ...options.map((option) => `#{${option}}`),
    '',
  ].join(word);
  const text = (await command('list-panes', '-a', '-F', format)).join('\n');
  const width = fields.length + options.length;
  const values = text.split(word);
  const panes = new Map<string, Pane>();
  for (let at = 0; at + width < values.length; at += width) {
    const [first = '', ...rest] = values.slice(at, at + width);
    // The newline that ends a line stands before the next one's first field.
    const pane = readPane([first.trimStart(), ...rest], options);
    panes.set(pane.pane, pane);
  }
  return [...panes.values()];
}

const fields = [
  'pane_id',
  'window_id',
  'window_name',
  'pane_title',
  'pane_pid',
  'pane_dead',
  'pane_dead_status',
  'pane_dead_signal',
] as const;

function readPane(values: readonly string[], options: readonly UserOption[]): Pane {
  const [pane = '', window = '', windowName = '', title = '', pid, dead, status, signal, ...rest] = values;
  const set = options.map((option, index): [string, string] => [
    option,
    decodeOptionValue(rest[index] ?? ''),
  ]);
  return {
    pane: toPaneId(pane),
    window,
    windowName,
    title,
    pid: Number(pid),
    dead: dead === '1',
    ...(status ? { deadStatus: Number(status) } : {}),
    ...(signal ? { deadSignal: Number(signal) } : {}),
    options: Object.fromEntries(set.filter(([, value]) => value !== '')),
  };
}

/** What tmux gave as a pane's id. @throws TypeError if it is none, which no tmux does */
export function toPaneId(text: string): PaneId {
  if (!isPaneId(text)) throw new TypeError(`tmux gave ${JSON.stringify(text)} for a pane's id.`);
  return text;
}
