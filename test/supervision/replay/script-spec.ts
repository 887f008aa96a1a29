/** From a script to a child spec, and to what a start of that child comes to. */
import type { ChildSpec } from '../../../machines/supervision/child-spec.ts';
import type { SupervisorFlags } from '../../../machines/supervision/supervisor-flags.ts';
import type { Life } from './chronicle.ts';
import type { Fate, Script, SupervisorScript } from './scenario.ts';

/** The spec of a child with this script, whose `start` the subject knows how to run. */
export function specFrom<Start>(script: Script, start: Start): ChildSpec<Start> {
  const { id = '', restart, significant, shutdown, supervisor } = script;
  return {
    id,
    start,
    ...(restart && { restart }),
    ...(significant !== undefined && { significant }),
    ...(shutdown !== undefined && { shutdown }),
    ...(supervisor && { type: 'supervisor' }),
  };
}

/** Flags under which our supervisor does exactly what OTP's does. */
export function flagsFrom(supervisor: SupervisorScript): SupervisorFlags {
  const { strategy, intensity, period, auto_shutdown: autoShutdown } = supervisor;
  return { strategy, intensity, period, autoShutdown, backoff: 'none' };
}

/** How the start that this life comes from goes. */
export function fateOf(script: Script, { number }: Life): Fate {
  return script.starts?.[number - 1] ?? 'ok';
}

/** What the oracle's children fail to start with. */
export function failureOf(fate: 'error' | 'throw'): string {
  return fate === 'throw' ? 'EXIT:boom' : 'start_failed';
}

/** What a dynamic child plays: its template's script and, from the arguments of its start, its own on top. */
export function withArguments(template: Script, args: unknown): Script {
  return typeof args === 'object' ? { ...template, ...args } : template;
}
