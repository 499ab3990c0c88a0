/** A talk grows at both ends and stays where one reads: the scroll begins at the bottom. */
import { ArrowDown } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Spinner } from '../ui/button.tsx';

interface ScrollerProps {
  readonly children: ReactNode;
  readonly hasOlder: boolean;
  readonly loadingOlder: boolean;
  readonly onOlder: () => void;
  /** Changes with every message of one's own: those are always shown. */
  readonly ownCount: number;
  readonly label: string;
}

export function Scroller({ children, hasOlder, loadingOlder, onOlder, ownCount, label }: ScrollerProps) {
  const box = useRef<HTMLDivElement>(null);
  const top = useRef<HTMLDivElement>(null);
  const [away, setAway] = useState(false);
  const toEnd = (): void => {
    if (box.current !== null) box.current.scrollTop = 0;
  };
  useEffect(toEnd, [ownCount]);
  const older = useRef(onOlder);
  useEffect(() => {
    older.current = onOlder;
  });
  useEffect(() => {
    if (!hasOlder || loadingOlder || top.current === null || box.current === null) return;
    const watcher = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) older.current();
      },
      { root: box.current, rootMargin: '300px' },
    );
    watcher.observe(top.current);
    return () => watcher.disconnect();
  }, [hasOlder, loadingOlder]);
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={box}
        // A region that scrolls can be reached by keyboard.
        tabIndex={0}
        role="region"
        aria-label={label}
        onScroll={(event) => setAway(Math.abs(event.currentTarget.scrollTop) > 240)}
        className="focus-inside flex h-full flex-col-reverse overflow-y-auto overscroll-contain"
      >
        <div className="mx-auto w-full max-w-3xl px-4 pt-4 pb-5 md:px-6">
          <div ref={top} className="flex h-6 items-center justify-center text-faint">
            {loadingOlder && <Spinner />}
          </div>
          {children}
        </div>
      </div>
      {away && (
        <button
          type="button"
          onClick={toEnd}
          className="rise absolute right-4 bottom-4 flex h-10 items-center gap-2 rounded-full border border-line bg-raised px-4 text-[13px] font-medium shadow-pop"
        >
          <ArrowDown className="size-4" aria-hidden="true" />
          Terbaru
        </button>
      )}
    </div>
  );
}
