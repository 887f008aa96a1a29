/** What its supervisor says of a child, as a list of facts. */
import type { ComponentChildren } from 'preact';
import { momentText } from '../../terminal/clock-text.ts';
import { lengthText, timesText } from '../model/time-text.ts';
import type { TreeRow } from '../model/tree-rows.ts';
import { treeAge } from './live-store.ts';

export function Facts({ row, machine }: { row: TreeRow | undefined; machine: string | undefined }) {
  const { child, supervisor } = row ?? {};
  return (
    <dl class="facts">
      <Fact name="Machine">{machine}</Fact>
      <Fact name="State">{row?.child && row.state}</Fact>
      <Fact name="Up">{child && child.uptime !== null && lengthText(child.uptime + treeAge.value)}</Fact>
      <Fact name="Restart">{child?.restart}</Fact>
      <Fact name="Restarted">{child && timesText(child.restarts)}</Fact>
      <Fact name="Strategy">{supervisor?.strategy}</Fact>
      <Fact name="Intensity">
        {supervisor && `${supervisor.restarts} of ${supervisor.intensity} in ${supervisor.period} s`}
      </Fact>
      <Fact name="Last fault">
        {child?.lastExit && `${child.lastExit.reason} (${momentText(new Date(child.lastExit.at))})`}
      </Fact>
      <Fact name="Quarantine">{child?.quarantine?.reason}</Fact>
      <Fact name="Not ended">{child?.killFailed?.reason}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  if (children === undefined || children === null || children === false || children === '') return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
