/** Slider, steps and playing for a recording. The arrow keys step wherever the focus is, unless it needs them itself. */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { clockText, dayText } from '../../terminal/clock-text.ts';
import { advance, densities } from '../model/playback.ts';
import type { Gap, Recording } from '../model/recording.ts';
import { lengthText } from '../model/time-text.ts';
import { Icon } from './icon.tsx';

interface PlayerProps {
  recording: Recording;
  /** How many transitions have happened. */
  count: Signal<number>;
}

const speeds = [1, 4, 20, 100];

export function Player({ recording, count }: PlayerProps) {
  const isPlaying = useSignal(false);
  const speed = useSignal(4);
  const { length, times } = recording;
  const go = (to: number) => {
    isPlaying.value = false;
    count.value = Math.min(length, Math.max(0, to));
  };
  const play = () => {
    if (!isPlaying.value && count.value === length) count.value = 0;
    isPlaying.value = !isPlaying.value;
  };

  useEffect(() => {
    if (!isPlaying.value) return;
    let head = { count: count.value, at: times[Math.max(0, count.value - 1)] ?? 0 };
    let before = performance.now();
    let frame = requestAnimationFrame(function step(time) {
      // A step by hand while it plays goes on from there.
      if (count.value !== head.count)
        head = { count: count.value, at: times[Math.max(0, count.value - 1)] ?? 0 };
      head = advance(times, head, Math.max(0, time - before), speed.value);
      before = time;
      count.value = head.count;
      if (head.count < times.length) frame = requestAnimationFrame(step);
      else isPlaying.value = false;
    });
    return () => cancelAnimationFrame(frame);
  }, [isPlaying.value, times]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || takesKeys(event.target))
        return;
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step !== undefined) go(count.value + step);
      else if (event.key === ' ' && !isButton(event.target)) play();
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [length]);

  const at = times[Math.max(0, count.value - 1)] ?? 0;
  const begin = times[0] ?? 0;
  const end = times.at(-1) ?? begin;
  return (
    <fieldset class="player" aria-label="Replay">
      <div class="player-buttons">
        <button type="button" aria-label="To the beginning" onClick={() => go(0)}>
          <Icon name="first" />
        </button>
        <button
          type="button"
          aria-label="Step back"
          disabled={count.value === 0}
          onClick={() => go(count.value - 1)}
        >
          <Icon name="back" />
        </button>
        <button type="button" class="primary" aria-label={isPlaying.value ? 'Pause' : 'Play'} onClick={play}>
          <Icon name={isPlaying.value ? 'pause' : 'play'} />
        </button>
        <button
          type="button"
          aria-label="Step forward"
          disabled={count.value === length}
          onClick={() => go(count.value + 1)}
        >
          <Icon name="forward" />
        </button>
        <button type="button" aria-label="To the end" onClick={() => go(length)}>
          <Icon name="last" />
        </button>
        <select
          aria-label="Speed"
          value={speed.value}
          onChange={({ currentTarget }) => {
            speed.value = Number(currentTarget.value);
          }}
        >
          {speeds.map((one) => (
            <option key={one} value={one}>
              {one}×
            </option>
          ))}
        </select>
      </div>
      <div class="scrub">
        <Density times={times} gaps={recording.gaps} count={count.value} />
        <input
          type="range"
          min={0}
          max={length}
          value={count.value}
          aria-label="Position"
          aria-valuetext={`${count.value} of ${length}, ${clockText(new Date(at))}`}
          onInput={({ currentTarget }) => go(Number(currentTarget.value))}
        />
      </div>
      <output class="player-time">
        <b>{clockText(new Date(at))}</b>
        <span>
          {count.value.toLocaleString('en')} / {length.toLocaleString('en')}
        </span>
        <span class="faint">
          {dayText(new Date(begin))} · {lengthText(end - begin)}
        </span>
      </output>
    </fieldset>
  );
}

const bars = 160;

/** How busy it was along the slider, the more transitions in the same time the higher the bar, and where some are missing. */
function Density({ times, gaps, count }: { times: readonly number[]; gaps: readonly Gap[]; count: number }) {
  const path = useMemo(() => densityPath(times), [times]);
  const placeOf = (index: number) => (index / Math.max(1, times.length)) * bars;
  return (
    <svg class="density" viewBox={`0 0 ${bars} 1`} preserveAspectRatio="none" aria-hidden="true">
      <path d={path} />
      <rect class="passed" x="0" y="0" width={placeOf(count)} height="1" />
      {gaps.map(({ index }) => (
        <rect key={index} class="gap" x={placeOf(index)} y="0" width="0.5" height="1" />
      ))}
    </svg>
  );
}

function densityPath(times: readonly number[]): string {
  const count = Math.min(bars, times.length);
  const width = bars / Math.max(1, count);
  return densities(times, count)
    .map((height, bar) => `M${bar * width},1v${-height}h${width}v${height}z`)
    .join('');
}

function takesKeys(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.closest('[role=tree]') !== null || ['INPUT', 'SELECT', 'TEXTAREA'].includes(target.tagName))
  );
}

function isButton(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, a, summary') !== null;
}
