/** One number, and how it compares with the period before. */
import { Minus, TrendingDown, TrendingUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '../ui/classes.ts';
import type { Write } from '../ui/charts/numbers.ts';
import { changeOf } from './change.ts';

export interface FigureProps {
  readonly name: string;
  readonly value: number | null;
  readonly before: number | null;
  readonly write: Write;
  /** Which way is the good one; `none`: neither. */
  readonly good?: 'up' | 'down' | 'none';
  /** A share is compared in its own points, all else in percent of what was. */
  readonly points?: boolean;
  readonly beside?: ReactNode;
  readonly alarm?: boolean;
}

export function Change({
  value,
  before,
  write,
  good = 'up',
  points = false,
}: Pick<FigureProps, 'value' | 'before' | 'write' | 'good' | 'points'>) {
  const change = changeOf(value, before, points);
  if (change === null) return null;
  const isGood = change.way === 0 || good === 'none' ? null : change.way > 0 === (good === 'up');
  const Icon = change.way === 0 ? Minus : change.way > 0 ? TrendingUp : TrendingDown;
  return (
    <span
      className={cx(
        'inline-flex items-center gap-1 text-[12px] font-medium tabular-nums',
        isGood === null ? 'text-soft' : isGood ? 'text-good' : 'text-danger',
      )}
      title={`Sebelumnya ${write(before)}`}
    >
      <Icon className="size-3.5 shrink-0" aria-hidden="true" />
      {change.text}
      <span className="sr-only">, sebelumnya {write(before)}</span>
    </span>
  );
}

export function Figure({ name, value, before, write, beside, alarm = false, ...rest }: FigureProps) {
  return (
    <div
      className={cx(
        'flex min-w-0 flex-col rounded-2xl border bg-surface p-4 shadow-card',
        alarm ? 'border-danger' : 'border-line',
      )}
    >
      <dt className="truncate text-[13px] text-soft">{name}</dt>
      <dd className="mt-1 flex flex-1 flex-col">
        <span
          className={cx(
            'truncate text-[22px] leading-7 font-semibold tracking-tight tabular-nums',
            alarm && 'text-danger',
          )}
        >
          {write(value)}
        </span>
        <span className="mt-auto flex min-h-5 flex-wrap items-center gap-x-2 pt-1">
          <Change value={value} before={before} write={write} {...rest} />
          {beside !== undefined && <span className="text-[12px] text-faint tabular-nums">{beside}</span>}
        </span>
      </dd>
    </div>
  );
}
