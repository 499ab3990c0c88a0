/** Every moment as a list: what happened, who, when. The one in view is marked. */
import { Lock } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { clockOf, dateOf, dayKey } from '../lib/dates.ts';
import { cx } from '../ui/classes.ts';
import { eventWord, type HistoryEvent, saidIn, whoOf } from './event-words.ts';

const DOT: Readonly<Record<HistoryEvent['actor_kind'], string>> = {
  user: 'bg-accent',
  customer: 'bg-blue',
  bot: 'bg-yellow',
  system: 'bg-line-strong',
  unknown: 'bg-line-strong',
};

export function Timeline({
  events,
  at,
  onMove,
  earlier,
}: {
  readonly events: readonly HistoryEvent[];
  readonly at: number;
  readonly onMove: (to: number) => void;
  readonly earlier: ReactNode;
}) {
  const box = useRef<HTMLOListElement>(null);
  const current = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const [list, row] = [box.current, current.current];
    if (list === null || row === null) return;
    // Only this list: `scrollIntoView` would move the page under the hand on the slider.
    const top = row.offsetTop - list.clientHeight / 2 + row.clientHeight / 2;
    list.scrollTo({ top });
  }, [at]);
  return (
    <section className="rounded-2xl border border-line bg-surface lg:order-1" aria-label="Peristiwa">
      <div className="flex items-center justify-between gap-2 px-4 pt-4 pb-2">
        <h2 className="text-[15px] font-semibold">Peristiwa</h2>
        {earlier}
      </div>
      <ol ref={box} className="relative max-h-[70dvh] overflow-y-auto px-2 pb-2">
        {events.map((event, n) => {
          const isNote = event.type === 'InternalNotePosted';
          const said = saidIn(event);
          const before = events[n - 1];
          const newDay = before === undefined || dayKey(before.timestamp) !== dayKey(event.timestamp);
          return (
            <li key={event.id}>
              {newDay && (
                <p className="px-2 pt-2 pb-1 text-[12px] font-semibold text-faint">
                  {dateOf(event.timestamp)}
                </p>
              )}
              <button
                type="button"
                ref={n === at ? current : undefined}
                aria-current={n === at ? 'step' : undefined}
                onClick={() => onMove(n)}
                className={cx(
                  'focus-inside flex w-full items-start gap-3 rounded-lg px-2 py-2 text-left transition-colors max-md:min-h-11',
                  n === at ? 'bg-accent-soft' : 'hover:bg-hover',
                )}
              >
                <span
                  className={cx('mt-1.5 size-2.5 shrink-0 rounded-full', DOT[event.actor_kind])}
                  aria-hidden="true"
                />
                <span className="min-w-0 flex-1">
                  <span className="flex items-baseline gap-2">
                    <span className={cx('min-w-0 flex-1 font-medium', n === at && 'text-accent-ink')}>
                      {isNote && (
                        <Lock
                          className="mr-1 inline size-3.5 -translate-y-px text-note-ink"
                          aria-hidden="true"
                        />
                      )}
                      {eventWord(event)}
                    </span>
                    <span
                      className={cx(
                        'shrink-0 text-[12px] tabular-nums',
                        n === at ? 'text-soft' : 'text-faint',
                      )}
                    >
                      {clockOf(event.timestamp)}
                    </span>
                  </span>
                  <span className={cx('block truncate text-[13px]', n === at ? 'text-soft' : 'text-faint')}>
                    {whoOf(event)}
                    {said !== null && `: ${said}`}
                  </span>
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
