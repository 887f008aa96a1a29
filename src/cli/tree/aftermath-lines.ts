/** What a person is told who has killed a child. */
import type { Aftermath } from '../../supervision/aftermath.ts';
import type { ChildDescription } from '../../supervision/tree-description.ts';
import { plainText } from '../../terminal/plain-text.ts';

/** `aftermath` is undefined when its supervisors did not come to rest in time. */
export function aftermathLines(path: string, aftermath: Aftermath | undefined): string[] {
  if (!aftermath)
    return ['its supervisors have not come to rest; `orchestra tree` and `orchestra events` show more'];
  const { child, companions, ended, survivor } = aftermath;
  const name = survivor.path === '' ? 'the root' : survivor.path;
  const { restarts, intensity, period, strategy } = survivor;
  const last = ended.at(-1);
  return [
    ...ended.map(({ path: above, lastExit }) => `${above} ended over it: ${lastExit?.reason ?? 'shutdown'}`),
    last ? fateOf(last, last.path) : child ? fateOf(child, path) : `${path} is forgotten: it is temporary`,
    ...(companions.length === 0
      ? []
      : [`with it, as ${strategy} says: ${companions.map(({ id }) => id).join(', ')}`]),
    `${name}: ${restarts}/${intensity} restarts in ${period} s`,
  ].map(plainText);
}

function fateOf({ state, pid, quarantine, lastExit, restart }: ChildDescription, path: string): string {
  const why = lastExit ? `, reason: ${lastExit.reason}` : '';
  if (quarantine) return `${path} is in quarantine: ${quarantine.reason}`;
  if (state === 'running') return `${path} was restarted as ${pid}${why}`;
  return `${path} is ${state} (${restart})${why}`;
}
