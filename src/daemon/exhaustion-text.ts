/** Why a supervisor gave up, in words for people. */
import type { RestartLimit } from '../../machines/supervision/restart-intensity.ts';
import type { SupervisionHistory } from '../supervision/supervision-history.ts';

/** `more than 3 restarts within 60 s, at last of services: killed`; `path` is that of the child it could bear no more. */
export function exhaustionText(
  { intensity, period }: RestartLimit,
  history: SupervisionHistory,
  path: string,
): string {
  const restarts = intensity === 1 ? '1 restart' : `${intensity} restarts`;
  const id = path.slice(path.lastIndexOf('/') + 1);
  const last = history.of(path).lastExit?.reason ?? 'unknown';
  return `more than ${restarts} within ${period} s, at last of ${id}: ${last}`;
}
