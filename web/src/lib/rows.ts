/** Which rows of one height are in sight: ten thousand cost as much as twenty (docs/design/dashboard.md#first-load). */
import { type RefObject, useLayoutEffect, useState } from 'react';

/** Rows above and below what is seen, so that a quick scroll shows no gap. */
const MORE = 6;

export interface Rows {
  readonly first: number;
  /** Behind the last one. */
  readonly end: number;
}

export function useRows(scroller: RefObject<HTMLElement | null>, count: number, height: number): Rows {
  const [rows, setRows] = useState<Rows>({ first: 0, end: Math.min(count, 20) });
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    const look = (): void => {
      const first = Math.max(0, Math.floor(box.scrollTop / height) - MORE);
      const end = Math.min(count, Math.ceil((box.scrollTop + box.clientHeight) / height) + MORE);
      setRows((old) => (old.first === first && old.end === end ? old : { first, end }));
    };
    look();
    const size = new ResizeObserver(look);
    size.observe(box);
    box.addEventListener('scroll', look, { passive: true });
    return () => {
      size.disconnect();
      box.removeEventListener('scroll', look);
    };
  }, [scroller, count, height]);
  return rows;
}

/** Scrolls as little as shows the whole row. */
export function showRow(box: HTMLElement | null, index: number, height: number): void {
  if (box === null) return;
  const top = index * height;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (top + height > box.scrollTop + box.clientHeight) box.scrollTop = top + height - box.clientHeight;
}
