/** The tree beside the charts: where each machine is supervised, and how it does. Keyboard as in the ARIA practices. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { stateText } from '../../inspection/state-value.ts';
import { agentOf } from '../model/path-label.ts';
import type { StageActors } from '../model/stage-actor.ts';
import { roughLengthText, timesText } from '../model/time-text.ts';
import { treeMove } from '../model/tree-keys.ts';
import { openRows, type TreeRow } from '../model/tree-rows.ts';
import { faces } from './settings.ts';

interface TreeProps {
  rows: readonly TreeRow[];
  actors: StageActors;
  selected: string;
  /** Milliseconds since the rows were told, which their uptimes have grown by; undefined where there are none. */
  age?: number | undefined;
  onSelect: (row: TreeRow) => void;
}

export function Tree({ rows, actors, selected, age, onSelect }: TreeProps) {
  const closed = useSignal<ReadonlySet<string>>(new Set());
  const focused = useSignal<string | undefined>(undefined);
  const list = useRef<HTMLDivElement>(null);
  const seen = openRows(rows, closed.value);
  const stop = seen.some(({ path }) => path === (focused.value ?? selected))
    ? (focused.value ?? selected)
    : '';

  const shut = (path: string, isShut: boolean) => {
    const next = new Set(closed.value);
    if (isShut) next.add(path);
    else next.delete(path);
    closed.value = next;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = seen.find(({ path }) => path === stop);
    if (row && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault();
      onSelect(row);
      return;
    }
    const move = treeMove(seen, stop, event.key, closed.value);
    if (!move) return;
    event.preventDefault();
    if (move.do === 'focus') focused.value = move.path;
    else shut(move.path, move.do === 'close');
  };
  useEffect(() => {
    if (focused.value !== undefined) list.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }, [focused.value]);

  return (
    <div
      ref={list}
      class={`tree${age === undefined ? ' timeless' : ''}`}
      role="tree"
      aria-label="Supervision tree"
      onKeyDown={onKeyDown}
    >
      {seen.map((row) => (
        <Row
          key={row.path}
          row={row}
          state={stateText(actors.get(row.path)?.value ?? null)}
          isSelected={row.path === selected}
          isStop={row.path === stop}
          isOpen={!closed.value.has(row.path)}
          age={age}
          onToggle={() => shut(row.path, !closed.value.has(row.path))}
          onSelect={() => {
            focused.value = row.path;
            onSelect(row);
          }}
        />
      ))}
    </div>
  );
}

interface RowProps {
  row: TreeRow;
  state: string;
  isSelected: boolean;
  isStop: boolean;
  isOpen: boolean;
  age: number | undefined;
  onToggle: () => void;
  onSelect: () => void;
}

function Row({ row, state, isSelected, isStop, isOpen, age, onToggle, onSelect }: RowProps) {
  const { child, hasChildren, level } = row;
  const uptime = child?.uptime;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree itself listens to the keyboard
    <div
      class="tree-row"
      role="treeitem"
      aria-level={level}
      aria-setsize={row.siblings}
      aria-posinset={row.place}
      aria-selected={isSelected}
      {...(hasChildren ? { 'aria-expanded': isOpen } : {})}
      tabIndex={isStop ? 0 : -1}
      data-path={row.path}
      data-state={row.state}
      title={rowTitle(row)}
      style={{ '--level': level - 1 }}
      onClick={onSelect}
    >
      <span
        class="twisty"
        aria-hidden="true"
        onClick={(event) => {
          if (!hasChildren) return;
          event.stopPropagation();
          onToggle();
        }}
      >
        {hasChildren ? '›' : ''}
      </span>
      <span class="dot" aria-hidden="true" />
      <Name id={row.id} />
      <span class="tree-detail">
        <Detail row={row} state={state} />
      </span>
      <span class="tree-uptime">
        {uptime === undefined || uptime === null || age === undefined ? '' : roughLengthText(uptime + age)}
      </span>
    </div>
  );
}

function Name({ id }: { id: string }) {
  const agent = agentOf(id);
  const face = faces.value.find(({ name }) => name === agent);
  if (agent === undefined) return <span class="tree-name">{id}</span>;
  return (
    <span class="tree-name">
      {face?.symbol && <span class="symbol">{face.symbol} </span>}
      {agent}
      {face?.title && (
        <span class="agent-title" lang="ja">
          {' '}
          {face.title}
        </span>
      )}
    </span>
  );
}

/** What matters most in one word: that something is wrong, else the restarts a supervisor has left, or a machine's state. */
function Detail({ row, state }: { row: TreeRow; state: string }) {
  const { supervisor, child } = row;
  if (row.state !== 'running' && child) return <em>{row.state}</em>;
  if (supervisor)
    return (
      <>
        <span>{supervisor.strategy}</span>{' '}
        <span class={supervisor.restarts > 0 ? 'warn' : ''}>
          {supervisor.restarts}/{supervisor.intensity}
        </span>
      </>
    );
  switch (row.state) {
    case 'running':
      return <span>{state}</span>;
    case 'failed':
      return <span>error</span>;
    case 'not started':
    case 'ended':
      return <span>{row.state}</span>;
    default:
      return null;
  }
}

function rowTitle({ path, child, supervisor }: TreeRow): string {
  const lines = [path];
  if (child) lines.push(`${child.restart} ${child.type}, ${timesText(child.restarts)} restarted`);
  if (supervisor)
    lines.push(
      `${supervisor.strategy}: ${supervisor.restarts} of ${supervisor.intensity} restarts in ${supervisor.period} s`,
    );
  if (child?.lastExit) lines.push(`last fault: ${child.lastExit.reason}`);
  return lines.join('\n');
}
