/** The state a machine is in, as a badge; why there is none, if it does not live. */

import { stateText } from '../../inspection/state-value.ts';
import type { StageActor } from '../model/stage-actor.ts';
import type { TreeRow } from '../model/tree-rows.ts';

export function StateBadge({ actor, row }: { actor: StageActor | undefined; row: TreeRow | undefined }) {
  const isLit = actor?.status === 'active';
  const text = isLit ? stateText(actor.value) : (row?.state ?? actor?.status ?? 'not there');
  return (
    <span
      class={`badge ${isLit ? 'lit' : row?.state === 'quarantined' || actor?.status === 'error' ? 'bad' : ''}`}
    >
      {text}
    </span>
  );
}
