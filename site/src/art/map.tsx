/** The islands as dots, and the ways that goods take between them: the picture of the first screen. */
import { at, CITIES, dots } from './islands.ts';

type City = keyof typeof CITIES;

/** A way over the sea, bent upwards. */
function way(from: City, to: City, bend: number): string {
  const [x1, y1] = at(CITIES[from]);
  const [x2, y2] = at(CITIES[to]);
  return `M${String(x1)} ${String(y1)}Q${String((x1 + x2) / 2)} ${String((y1 + y2) / 2 - bend)} ${String(x2)} ${String(y2)}`;
}

const WAYS: readonly string[] = [
  way('Batam', 'Jakarta', -46),
  way('Jakarta', 'Medan', 74),
  way('Jakarta', 'Balikpapan', 70),
  way('Surabaya', 'Makassar', 44),
  way('Surabaya', 'Denpasar', 22),
  way('Makassar', 'Jayapura', 96),
];

/** Where a name stands beside its city. */
const NAMES: readonly (readonly [City, dx: number, dy: number, anchor: 'start' | 'end' | 'middle'])[] = [
  ['Medan', 14, -10, 'start'],
  ['Batam', 13, -9, 'start'],
  ['Jakarta', -4, 31, 'middle'],
  ['Surabaya', -2, 32, 'middle'],
  ['Balikpapan', 14, 4, 'start'],
  ['Makassar', 16, 14, 'start'],
  ['Jayapura', -6, -15, 'end'],
];

export const RouteMap = () => (
  <svg class="map" viewBox="0 20 950 350" role="img" aria-label="Peta rute Saga antarpulau">
    <path class="land" d={dots()} />
    {WAYS.map((d) => (
      <path class="way" d={d} />
    ))}
    {Object.values(CITIES).map((place) => {
      const [x, y] = at(place);
      return (
        <g class="city">
          <circle cx={x} cy={y} r="9" />
          <circle cx={x} cy={y} r="4" />
        </g>
      );
    })}
    {NAMES.map(([name, dx, dy, anchor]) => {
      const [x, y] = at(CITIES[name]);
      return (
        <text x={x + dx} y={y + dy} text-anchor={anchor}>
          {name}
        </text>
      );
    })}
  </svg>
);
