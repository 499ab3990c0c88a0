/** Lengths side by side, each with its number: rankings, steps and shares. */
import type { ReactNode } from 'react';
import { type Colour, colourOf } from './series.ts';

export interface Bar {
  readonly name: string;
  readonly value: number;
  /** The number as it is read, and what else is to be said about it. */
  readonly text: string;
  readonly beside?: ReactNode;
  readonly colour?: Colour;
}

/** @param most the whole length; the longest bar where nothing is said */
export function Bars({ bars, most }: { readonly bars: readonly Bar[]; readonly most?: number }) {
  const top = Math.max(1e-9, most ?? 0, ...(most === undefined ? bars.map(({ value }) => value) : []));
  return (
    <ol className="flex flex-col gap-3">
      {bars.map(({ name, value, text, beside, colour = 'accent' }) => (
        <li key={name}>
          <div className="mb-1 flex flex-wrap items-baseline gap-x-2">
            <span className="min-w-0 flex-1 truncate text-soft" title={name}>
              {name}
            </span>
            {beside !== undefined && (
              <span className="shrink-0 text-[12px] text-faint tabular-nums max-sm:order-last max-sm:w-full">
                {beside}
              </span>
            )}
            <span className="shrink-0 font-semibold tabular-nums">{text}</span>
          </div>
          <div className="h-2.5 overflow-hidden rounded-full bg-sunken" aria-hidden="true">
            <div
              className="h-full rounded-full"
              style={{
                width: `${String(Math.min(100, (value / top) * 100))}%`,
                minWidth: value > 0 ? 4 : 0,
                background: colourOf(colour),
              }}
            />
          </div>
        </li>
      ))}
    </ol>
  );
}
