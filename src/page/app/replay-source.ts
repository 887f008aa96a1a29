/** Fetches recorded transitions from the daemon. */
import type { RecordedTransition } from '../../journal/journal-page.ts';
import { Recording } from '../model/recording.ts';
import type { ReplayRoute } from '../model/route.ts';

export type Fetched =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly why: string }
  | { readonly state: 'loaded'; readonly recording: Recording; readonly hasMore: boolean };

/** As many as the daemon gives at once. */
const limit = 20_000;

export async function fetchRecording(
  { from, to, agent }: Pick<ReplayRoute, 'to' | 'agent'> & { from: string },
  signal: AbortSignal,
): Promise<Fetched> {
  const query = new URLSearchParams({
    from,
    ...(to ? { to } : {}),
    ...(agent ? { agent } : {}),
    limit: String(limit),
  });
  try {
    const response = await fetch(`/api/transitions?${query}`, { signal });
    if (!response.ok) return { state: 'failed', why: await reasonOf(response) };
    const { transitions, more } = (await response.json()) as {
      transitions: RecordedTransition[];
      more: boolean;
    };
    return { state: 'loaded', recording: new Recording(transitions), hasMore: more };
  } catch {
    return { state: 'failed', why: 'The daemon does not answer.' };
  }
}

async function reasonOf(response: Response): Promise<string> {
  if (response.status === 403) return 'This page’s link no longer holds: run orchestra inspect.';
  const { error }: { error?: unknown } = await response.json().catch(() => ({}));
  return typeof error === 'string'
    ? `The daemon does not take this: ${error}`
    : `The daemon answered ${response.status}.`;
}
