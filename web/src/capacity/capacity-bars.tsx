/** How much of a day is taken, division by division. */
import type { Division } from '../lib/api.ts';
import { DIVISION } from '../lib/id.ts';
import { Progress } from '../ui/charts/progress.tsx';
import { cx } from '../ui/classes.ts';
import { Failed, Skeleton } from '../ui/states.tsx';
import { useCapacity } from './queries.ts';

export function CapacityBars({
  day,
  division,
}: {
  readonly day: string;
  readonly division: Division | undefined;
}) {
  const query = useCapacity(day, day, division);
  if (query.data === undefined)
    return query.isError ? (
      <Failed error={query.error} retry={() => void query.refetch()} />
    ) : (
      <Skeleton className="h-16 rounded-2xl" />
    );
  return (
    <ul aria-label="Kapasitas" className="grid gap-3 sm:grid-cols-3">
      {query.data.map(({ division: of, slots, reserved, free }) => (
        <li key={of} className="rounded-2xl border border-line bg-surface px-4 py-3">
          <p className="mb-2 flex items-baseline gap-2 text-[13px]">
            <span className="flex-1 font-semibold">{DIVISION[of]}</span>
            <span className={cx('tabular-nums', free === 0 ? 'font-semibold text-danger' : 'text-soft')}>
              {free === 0 ? 'Penuh' : `${String(free)} kosong`} · {reserved} dari {slots}
            </span>
          </p>
          <Progress
            label={`Kapasitas ${DIVISION[of]}`}
            done={Math.min(reserved, slots)}
            failed={Math.max(0, reserved - slots)}
            of={Math.max(slots, reserved)}
          />
        </li>
      ))}
    </ul>
  );
}
