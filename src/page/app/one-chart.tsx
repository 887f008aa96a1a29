/** The chart of one machine, as large as can be, with what is known of it. */
import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { StageActor } from '../model/stage-actor.ts';
import type { TreeRow } from '../model/tree-rows.ts';
import { Chart } from './chart.tsx';
import { wantsStillness } from './clock.ts';
import { Facts } from './facts.tsx';
import { JsonValue } from './json-value.tsx';

/** The smallest scale at which the text of a chart is read without effort, and the largest that is of use. */
const readable = 0.65;
const largest = 1.25;

export function OneChart({ actor, row }: { actor: StageActor | undefined; row: TreeRow | undefined }) {
  const room = useRef<HTMLDivElement>(null);
  const natural = useSignal({ width: 0, height: 0 });
  const space = useSignal({ width: 0, height: 0 });
  /** Undefined: whatever shows the most and can be read. */
  const zoom = useSignal<number | 'width' | 'whole' | undefined>(undefined);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry) space.value = { width: entry.contentRect.width, height: entry.contentRect.height };
    });
    if (room.current) observer.observe(room.current);
    return () => observer.disconnect();
  }, []);
  const { width, height } = natural.value;
  const whole = Math.min(largest, space.value.width / width, space.value.height / height);
  const mode = zoom.value ?? (whole >= readable ? 'whole' : 'width');
  const scales = { whole, width: Math.min(1, Math.max(readable, space.value.width / width)) };
  const scale = typeof mode === 'number' ? mode : scales[mode];
  const active = useRef<Element | undefined>(undefined);
  const bringIntoSight = (behavior: ScrollBehavior) => {
    if (!active.current) return;
    const seen = room.current?.getBoundingClientRect();
    const { top, bottom, left, right } = active.current.getBoundingClientRect();
    const isSeen =
      seen && top >= seen.top && bottom <= seen.bottom && left >= seen.left && right <= seen.right;
    if (!isSeen) active.current.scrollIntoView({ block: 'center', inline: 'center', behavior });
  };
  useLayoutEffect(() => bringIntoSight('auto'), [scale, width]);
  return (
    <div class="one">
      <div class="one-chart">
        <div class="room" ref={room}>
          {actor ? (
            <div class="sheet" style={{ width: `${width * scale}px`, height: `${height * scale}px` }}>
              <Chart
                machine={actor.machine}
                actor={actor}
                onSize={(size) => {
                  natural.value = size;
                }}
                onActive={(state) => {
                  active.current = state;
                  bringIntoSight(wantsStillness() ? 'auto' : 'smooth');
                }}
              />
            </div>
          ) : (
            <p class="hint">No machine lives here at this moment.</p>
          )}
        </div>
        <fieldset class="zoom" aria-label="Size of the chart">
          <button
            type="button"
            aria-label="Smaller"
            onClick={() => {
              zoom.value = Math.max(0.3, scale / 1.2);
            }}
          >
            −
          </button>
          <button
            type="button"
            aria-pressed={mode === 'width'}
            onClick={() => {
              zoom.value = 'width';
            }}
          >
            Width
          </button>
          <button
            type="button"
            aria-pressed={mode === 'whole'}
            onClick={() => {
              zoom.value = 'whole';
            }}
          >
            Whole
          </button>
          <button
            type="button"
            aria-label="Larger"
            onClick={() => {
              zoom.value = Math.min(3, scale * 1.2);
            }}
          >
            +
          </button>
        </fieldset>
      </div>
      {(row?.child || row?.supervisor || actor?.context !== undefined) && (
        <aside class="about" aria-label="What is known of it">
          <Facts row={row} machine={actor?.machine} />
          {actor?.context !== undefined && (
            <>
              <h2>Context</h2>
              <JsonValue value={actor.context} />
            </>
          )}
        </aside>
      )}
    </div>
  );
}
