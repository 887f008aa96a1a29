/** What the daemon says of itself once, and whether this browser may still ask it. */
import { computed, signal } from '@preact/signals';
import { type AgentFace, pathLabel } from '../model/path-label.ts';

/** The answer of `GET /api/settings`. */
export interface Settings {
  readonly node: string;
  readonly version: string;
  /** Another one after each start of the daemon. */
  readonly boot: string;
  readonly inspectorUrl: string;
  readonly agents?: readonly AgentFace[];
}

/** Undefined until the first answer. */
export const settings = signal<Settings | undefined>(undefined);

/** The agents' symbols and titles. */
export const faces = computed(() => settings.value?.agents ?? []);

/** A path in few words, with the agents' symbols. */
export function labelOf(path: string): string {
  return pathLabel(path, faces.value);
}

/** Whether the daemon lets this browser in: `refused` when the link it was opened with no longer holds. */
export type Admission = 'admitted' | 'refused' | 'away';

/** Asks for the settings anew. */
export async function askSettings(): Promise<Admission> {
  try {
    const response = await fetch('/api/settings');
    if (response.status === 401 || response.status === 403) return 'refused';
    if (!response.ok) return 'away';
    settings.value = (await response.json()) as Settings;
    return 'admitted';
  } catch {
    return 'away';
  }
}
