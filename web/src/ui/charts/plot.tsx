/**
 * Figures over time, as lines or columns (docs/design/figures.md#charts). A finger, the pointer and the arrow keys choose a
 * place on the axis, and its numbers are said.
 */
import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import { cx } from '../classes.ts';
import { labelsThatFit, ticksOf } from './scale.ts';
import { colourOf, dashAt, type Series } from './series.ts';
import type { Write } from './numbers.ts';
import { useWidth } from './use-width.ts';

interface PlotProps {
  /** What is shown, for those who do not see it. */
  readonly label: string;
  readonly kind: 'lines' | 'columns';
  readonly at: readonly string[];
  /** The same places in full, where there is room for it. */
  readonly atLong?: readonly string[];
  readonly series: readonly Series[];
  readonly write: Write;
  /** For the axis. */
  readonly writeShort?: Write;
  /** Things that are counted: no halves on the axis. */
  readonly whole?: boolean;
}

const HEIGHT = 200;
const TOP = 12;
const BOTTOM = 26;
const RIGHT = 14;
const LETTER = 6.6;

/** No line leads to it: it needs a dot to be seen. */
const isAlone = (points: readonly unknown[], n: number): boolean =>
  (points[n - 1] ?? null) === null && (points[n + 1] ?? null) === null;

/** Pieces of a line between which nothing is known. */
function piecesOf(
  points: readonly (readonly [number, number] | null)[],
): readonly (readonly (readonly [number, number])[])[] {
  const pieces: (readonly [number, number])[][] = [];
  let open: (readonly [number, number])[] | null = null;
  for (const point of points) {
    if (point === null) open = null;
    else if (open === null) pieces.push((open = [point]));
    else open.push(point);
  }
  return pieces;
}

const pathOf = (piece: readonly (readonly [number, number])[]): string =>
  piece.map(([x, y], n) => `${n === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');

export function Plot({
  label,
  kind,
  at,
  atLong = at,
  series,
  write,
  writeShort = write,
  whole = false,
}: PlotProps) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const [chosen, setChosen] = useState<number | null>(null);
  const count = at.length;
  const ticks = ticksOf(
    Math.max(0, ...series.flatMap(({ values }) => values.map((value) => value ?? 0))),
    whole,
  );
  const top = ticks.at(-1) ?? 1;
  const left = Math.max(...ticks.map((tick) => writeShort(tick).length)) * LETTER + 10;
  const inner = Math.max(0, width - left - RIGHT);
  const band = count === 0 ? 0 : inner / count;
  // Lines go from edge to edge; columns stand in the middle of their part.
  const xOf = (n: number): number =>
    kind === 'columns' || count === 1 ? left + band * (n + 0.5) : left + (inner * n) / Math.max(1, count - 1);
  const yOf = (value: number): number => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
  const labels = labelsThatFit(count, inner, Math.max(...at.map(({ length }) => length), 1) * LETTER + 16);

  const nearest = (event: PointerEvent<HTMLDivElement>): void => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left - left;
    const n = kind === 'columns' ? Math.floor(x / band) : Math.round((x / inner) * (count - 1));
    setChosen(Math.min(count - 1, Math.max(0, n)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const from = chosen ?? count - 1;
    const to = {
      ArrowLeft: from - 1,
      ArrowDown: from - 1,
      ArrowRight: from + 1,
      ArrowUp: from + 1,
      Home: 0,
      End: count - 1,
    }[event.key];
    if (event.key === 'Escape') setChosen(null);
    if (to === undefined) return;
    event.preventDefault();
    setChosen(Math.min(count - 1, Math.max(0, to)));
  };

  const now = chosen === null || chosen >= count ? count - 1 : chosen;
  const said = `${atLong[now] ?? ''}: ${series.map(({ name, values }) => `${name} ${write(values[now] ?? null)}`).join(', ')}`;
  const column = series.length === 0 ? 0 : Math.max(2, Math.min(36, (band * 0.64) / series.length));
  const x = xOf(now);
  const lines = kind === 'lines' ? series : [];
  const columns = kind === 'columns' ? series : [];
  return (
    <div className="flex flex-col gap-2">
      {series.length > 1 && <Legend series={series} dashed={kind === 'lines'} />}
      <div
        ref={frame}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={Math.max(0, count - 1)}
        aria-valuenow={Math.max(0, now)}
        aria-valuetext={said}
        className="relative cursor-crosshair touch-pan-y rounded-lg select-none"
        style={{ height: HEIGHT }}
        onKeyDown={onKeyDown}
        onFocus={() => setChosen((before) => before ?? count - 1)}
        onBlur={() => setChosen(null)}
        onPointerMove={nearest}
        onPointerDown={nearest}
        onPointerLeave={(event) => event.pointerType === 'mouse' && setChosen(null)}
      >
        {width > 0 && (
          <svg width={width} height={HEIGHT} aria-hidden="true" className="block overflow-visible">
            {ticks.map((tick) => (
              <g key={tick}>
                <line
                  x1={left}
                  x2={width - RIGHT}
                  y1={yOf(tick)}
                  y2={yOf(tick)}
                  className={tick === 0 ? 'stroke-line-strong/60' : 'stroke-line'}
                />
                <text
                  x={left - 8}
                  y={yOf(tick) + 4}
                  textAnchor="end"
                  className="fill-faint text-[11px] tabular-nums"
                >
                  {writeShort(tick)}
                </text>
              </g>
            ))}
            {at.map((text, n) =>
              labels.has(n) ? (
                <text
                  key={text}
                  x={xOf(n)}
                  y={HEIGHT - 7}
                  textAnchor={kind === 'lines' && n === count - 1 && count > 1 ? 'end' : 'middle'}
                  dx={kind === 'lines' && n === count - 1 && count > 1 ? RIGHT - 2 : 0}
                  className="fill-faint text-[11px]"
                >
                  {text}
                </text>
              ) : null,
            )}
            {chosen !== null && (
              <line
                x1={x}
                x2={x}
                y1={TOP}
                y2={HEIGHT - BOTTOM}
                className="stroke-line-strong"
                strokeDasharray="3 3"
              />
            )}
            {columns.map(({ name, values, colour }, s) =>
              values.map((value, n) => {
                const high = HEIGHT - BOTTOM - yOf(value ?? 0);
                const from = xOf(n) + (s - columns.length / 2) * column;
                return (
                  <rect
                    key={`${name}-${at[n] ?? n}`}
                    x={from + 0.5}
                    y={yOf(value ?? 0)}
                    width={column - 1}
                    height={Math.max(0, high)}
                    rx={Math.min(3, column / 3)}
                    style={{ fill: colourOf(colour) }}
                    opacity={chosen === null || chosen === n ? 1 : 0.45}
                  />
                );
              }),
            )}
            {lines.map(({ name, values, colour }, s) => {
              const points = values.map((value, n) =>
                value === null ? null : ([xOf(n), yOf(value)] as const),
              );
              return (
                <g key={name} style={{ color: colourOf(colour) }}>
                  {piecesOf(points).map((piece) => (
                    <path
                      key={pathOf(piece)}
                      d={pathOf(piece)}
                      fill="none"
                      stroke="currentColor"
                      strokeWidth="2.25"
                      strokeLinejoin="round"
                      strokeLinecap="round"
                      strokeDasharray={dashAt(s)}
                    />
                  ))}
                  {points.map((point, n) =>
                    point !== null && (count <= 14 || chosen === n || isAlone(points, n)) ? (
                      <circle
                        key={at[n] ?? n}
                        cx={point[0]}
                        cy={point[1]}
                        r={chosen === n ? 5 : 3}
                        fill="currentColor"
                        className="stroke-surface"
                        strokeWidth="1.5"
                      />
                    ) : null,
                  )}
                </g>
              );
            })}
          </svg>
        )}
        {chosen !== null && width > 0 && (
          <Numbers at={atLong[now] ?? ''} series={series} place={now} write={write} x={x} width={width} />
        )}
      </div>
    </div>
  );
}

interface NumbersProps {
  readonly at: string;
  readonly series: readonly Series[];
  readonly place: number;
  readonly write: Write;
  readonly x: number;
  readonly width: number;
}

/** Beside the chosen place, on the side that has room. */
function Numbers({ at, series, place, write, x, width }: NumbersProps) {
  const beside = x > width / 2 ? { right: width - x + 12 } : { left: x + 12 };
  return (
    <div
      className="pointer-events-none absolute top-2 z-10 max-w-56 rounded-lg border border-line bg-raised px-3 py-2 text-[12px] shadow-pop"
      style={beside}
      aria-hidden="true"
    >
      <p className="font-semibold">{at}</p>
      {series.map(({ name, values, colour }) => (
        <p key={name} className="flex items-center gap-2">
          <span className="size-2 shrink-0 rounded-full" style={{ background: colourOf(colour) }} />
          <span className="min-w-0 flex-1 truncate text-soft">{name}</span>
          <span className="pl-2 font-semibold tabular-nums">{write(values[place] ?? null)}</span>
        </p>
      ))}
    </div>
  );
}

function Legend({ series, dashed }: { readonly series: readonly Series[]; readonly dashed: boolean }) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-[12px] text-soft">
      {series.map(({ name, colour }, n) => (
        <li key={name} className="flex items-center gap-1.5">
          <svg
            width="18"
            height="8"
            aria-hidden="true"
            className={cx('shrink-0', !dashed && 'rounded-sm')}
            style={{ color: colourOf(colour) }}
          >
            {dashed ? (
              <line
                x1="1"
                x2="17"
                y1="4"
                y2="4"
                stroke="currentColor"
                strokeWidth="2.5"
                strokeDasharray={dashAt(n)}
              />
            ) : (
              <rect width="18" height="8" fill="currentColor" />
            )}
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}
