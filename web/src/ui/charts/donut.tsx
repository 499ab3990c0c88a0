/** Parts of a whole: a ring, and every part with its number and share beside it. */
import { useState } from 'react';
import { cx } from '../classes.ts';
import { asCount, asPercent, shareOf } from './numbers.ts';
import { colourAt, colourOf } from './series.ts';

export interface Part {
  readonly name: string;
  readonly count: number;
}

const R = 52;
const ROUND = 2 * Math.PI * R;
const GAP = 2;

/** @param middle what the sum is, in one word */
export function Donut({
  label,
  parts,
  middle,
}: {
  readonly label: string;
  readonly parts: readonly Part[];
  readonly middle: string;
}) {
  const [over, setOver] = useState<string | null>(null);
  const sum = parts.reduce((total, { count }) => total + count, 0);
  const shown = parts.filter(({ count }) => count > 0);
  const arcs = shown.map(({ name, count }, n) => {
    const before = shown.slice(0, n).reduce((total, one) => total + one.count, 0);
    const length = (count / sum) * ROUND;
    return {
      name,
      colour: colourOf(colourAt(n)),
      from: (before / sum) * ROUND,
      length: Math.max(1, length - (shown.length > 1 ? GAP : 0)),
    };
  });
  const told = shown.find(({ name }) => name === over);
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-4">
      <div className="relative mx-auto size-36 shrink-0">
        <svg viewBox="0 0 140 140" className="size-full -rotate-90" role="img" aria-label={label}>
          <circle cx="70" cy="70" r={R} fill="none" strokeWidth="20" className="stroke-sunken" />
          {arcs.map(({ name, colour, from, length }) => (
            <circle
              key={name}
              cx="70"
              cy="70"
              r={R}
              fill="none"
              strokeWidth={over === name ? 24 : 20}
              style={{ stroke: colour }}
              strokeDasharray={`${length.toFixed(2)} ${(ROUND - length).toFixed(2)}`}
              strokeDashoffset={(-from).toFixed(2)}
              onPointerEnter={() => setOver(name)}
              onPointerLeave={() => setOver(null)}
            />
          ))}
        </svg>
        <div className="pointer-events-none absolute inset-0 flex flex-col items-center justify-center px-8 text-center">
          <span className="text-xl font-semibold tabular-nums">{asCount(told?.count ?? sum)}</span>
          <span className="text-[11px] leading-3.5 text-soft">{told?.name ?? middle}</span>
        </div>
      </div>
      <ul className="min-w-48 flex-1">
        {shown.map(({ name, count }, n) => (
          <li
            key={name}
            className={cx('flex items-center gap-2.5 rounded-md px-2 py-1', over === name && 'bg-hover')}
            onPointerEnter={() => setOver(name)}
            onPointerLeave={() => setOver(null)}
          >
            <span
              className="size-2.5 shrink-0 rounded-[3px]"
              style={{ background: colourOf(colourAt(n)) }}
              aria-hidden="true"
            />
            <span className="min-w-0 flex-1 text-pretty text-soft">{name}</span>
            <span className="font-medium tabular-nums">{asCount(count)}</span>
            <span className="w-14 text-right text-faint tabular-nums">{asPercent(shareOf(count, sum))}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
