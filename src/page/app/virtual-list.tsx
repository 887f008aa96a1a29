/** A long list of rows of one height, of which only those in sight are in the page. */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

interface VirtualListProps {
  count: number;
  /** Pixels. */
  rowHeight: number;
  row: (index: number) => ComponentChildren;
  label: string;
  /** The last row stays in sight while the reader is at the end. */
  follow?: boolean;
  /** A row that is kept in sight. */
  current?: number | undefined;
}

/** Rows drawn beyond each edge, so that quick scrolling shows no gap. */
const margin = 12;

export function VirtualList({ count, rowHeight, row, label, follow = false, current }: VirtualListProps) {
  const box = useRef<HTMLElement>(null);
  const isAtEnd = useRef(true);
  const [view, setView] = useState({ top: 0, height: 400 });

  const measure = () => {
    const { current: element } = box;
    if (!element) return;
    isAtEnd.current = element.scrollTop + element.clientHeight >= element.scrollHeight - rowHeight;
    setView({ top: element.scrollTop, height: element.clientHeight });
  };

  useEffect(() => {
    const observer = new ResizeObserver(measure);
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    const { current: element } = box;
    if (element && follow && isAtEnd.current) element.scrollTop = element.scrollHeight;
  }, [count, follow, view.height]);

  useLayoutEffect(() => {
    const { current: element } = box;
    if (!element || current === undefined || current < 0) return;
    const top = current * rowHeight;
    if (top < element.scrollTop || top + rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = top - element.clientHeight / 2;
  }, [current, count, view.height]);

  const first = Math.max(0, Math.floor(view.top / rowHeight) - margin);
  const last = Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + margin);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <section ref={box} class="virtual-list" onScroll={measure} tabIndex={0} aria-label={label}>
      <ol style={{ height: `${count * rowHeight}px` }}>
        {Array.from({ length: Math.max(0, last - first) }, (_, offset) => {
          const index = first + offset;
          return (
            <li
              key={index}
              style={{ top: `${index * rowHeight}px`, height: `${rowHeight}px` }}
              aria-setsize={count}
              aria-posinset={index + 1}
            >
              {row(index)}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
