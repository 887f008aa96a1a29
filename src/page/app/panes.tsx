/** How tree, charts and log stand beside each other; on a narrow screen one at a time, with a bar to choose. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';

interface PanesProps {
  /** Above all three; the replay's controls. */
  top?: ComponentChildren;
  tree: ComponentChildren;
  stage: ComponentChildren;
  log: ComponentChildren;
  /** What is shown is of the past, and nothing comes any more. */
  isStale?: boolean;
  /** When it changes, a narrow screen turns to the charts. */
  placeKey: string;
}

const names = { tree: 'Tree', stage: 'Charts', log: 'Events' } as const;
type Name = keyof typeof names;

export function Panes({ top, tree, stage, log, isStale = false, placeKey }: PanesProps) {
  const chosen = useSignal<{ pane: Name; at: string }>({ pane: 'stage', at: placeKey });
  const pane = chosen.value.at === placeKey ? chosen.value.pane : 'stage';
  return (
    <div class={`panes${top ? ' with-top' : ''}${isStale ? ' stale' : ''}`} data-pane={pane}>
      {top && <div class="pane-top">{top}</div>}
      <div class="pane-tree">{tree}</div>
      <div class="pane-stage">{stage}</div>
      <div class="pane-log">{log}</div>
      <nav class="pane-choice" aria-label="Part of the page">
        {(Object.keys(names) as Name[]).map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={pane === name}
            onClick={() => {
              chosen.value = { pane: name, at: placeKey };
            }}
          >
            {names[name]}
          </button>
        ))}
      </nav>
    </div>
  );
}
